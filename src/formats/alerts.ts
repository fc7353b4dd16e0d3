// Callouts in Markdown: GitHub's alerts, a quotation whose first line says what it is.

/** Each kind of callout, and the alert it is written as. The first is read for names that are not here. */
export const ALERTS: readonly { readonly of: string; readonly name: string }[] = [
  { of: "callout:info", name: "NOTE" },
  { of: "callout:tip", name: "TIP" },
  { of: "callout:warning", name: "WARNING" },
]

const FIRST_LINE = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(\n|$)/

/** The callout that a quotation's first words announce, and how many characters of them do; null: a plain quotation. */
export function alertIn(text: string): { readonly of: string; readonly length: number } | null {
  const found = FIRST_LINE.exec(text)
  if (!found) return null
  const name = found[1] === "CAUTION" ? "WARNING" : found[1] === "IMPORTANT" ? "NOTE" : found[1]
  const alert = ALERTS.find(each => each.name === name) ?? ALERTS[0]
  return alert ? { of: alert.of, length: found[0].length } : null
}
