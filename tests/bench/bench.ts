// What a benchmark is: it runs Sheaf beside a floor or a peer in the same run and gives ratios, which mean something
// on any machine, and figures, which mean something on this one. How it is chosen and printed is main.ts.

/** Where a ratio should be (performance.md of the design has the reasons). */
export type Target = { readonly atMost: number } | { readonly atLeast: number }

export interface Report {
  /** Sheaf divided by the floor or the peer. */
  readonly ratios: Readonly<Record<string, number>>
  /** Everything measured, with the unit at the end of the name (`keyMs5000`). */
  readonly figures: Readonly<Record<string, number>>
}

/** Exported as `bench` by a file `NAME.bench.ts` of this folder. */
export interface Bench {
  /** One line: what is measured, beside what. */
  readonly about: string
  /** By the name of the ratio. One without a target is only printed. */
  readonly targets: Readonly<Record<string, Target>>
  /**
   * @param say tells of progress, a line at a time
   * @param part what was asked for after the name (`editor:5000`), in the benchmark's own words; null: everything
   */
  run(say: (line: string) => void, part: string | null): Promise<Report>
}

/** Whether a ratio is where it should be; null where nothing is said about it. */
export function reaches(ratio: number, target: Target | undefined): boolean | null {
  if (target === undefined) return null
  return "atMost" in target ? ratio <= target.atMost : ratio >= target.atLeast
}

/** The report as a person reads it. */
export function tableOf({ ratios, figures }: Report, targets: Bench["targets"]): string {
  const rows = Object.entries(ratios).map(([name, ratio]) => {
    const target = targets[name]
    const wanted =
      target === undefined ? "" : "atMost" in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`
    const reached = reaches(ratio, target)
    return [name, ratio.toFixed(3), wanted, reached === null ? "" : reached ? "reached" : "MISSED"]
  })
  const width = Math.max(0, ...[...Object.keys(ratios), ...Object.keys(figures)].map(name => name.length))
  return [
    ...rows.map(([name = "", ratio = "", wanted = "", reached = ""]) =>
      `  ${name.padEnd(width)}  ${ratio.padStart(9)}  ${wanted.padEnd(8)}  ${reached}`.trimEnd(),
    ),
    ...Object.entries(figures).map(
      ([name, figure]) => `  ${name.padEnd(width)}  ${shown(figure).padStart(9)}`,
    ),
  ].join("\n")
}

function shown(figure: number): string {
  return Number.isInteger(figure) ? String(figure) : figure.toFixed(figure < 10 ? 2 : 1)
}
