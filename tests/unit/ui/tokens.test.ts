// The colours keep their promise: words on paper have a contrast of at least 4.5, edges 3 (WCAG 2.2,
// 1.4.3 and 1.4.11), light and dark. Computed from the tokens themselves.
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { COLOUR_NAMES } from "../../../src/app/model"

const css = readFileSync(new URL("../../../src/ui/tokens.css", import.meta.url), "utf8")
type Look = "light" | "dark"

function colour(name: string, look: Look): string {
  const found = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css)
  const value = look === "light" ? found?.[1] : found?.[2]
  if (value === undefined) throw new Error(`no token --${name}`)
  return value
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(front: string, back: string, look: Look): number {
  const [a, b] = [luminance(colour(front, look)), luminance(colour(back, look))]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

describe.each(["light", "dark"] as const)("the colours, %s", look => {
  it.each(["ink", "ink-2", "ink-3", "accent", "safe", "wait", "risk", "info"])(
    "%s can be read on paper",
    ink => {
      for (const paper of ["bg", "surface", ...(ink.startsWith("ink") ? ["sunk"] : [])]) {
        expect(contrast(ink, paper, look), paper).toBeGreaterThanOrEqual(4.5)
      }
    },
  )

  it.each(["accent", "safe", "wait", "risk"])("%s can be read on its own soft ground", ink => {
    expect(contrast(ink, `soft-${ink}`, look)).toBeGreaterThanOrEqual(4.5)
    expect(contrast("ink", `soft-${ink}`, look)).toBeGreaterThanOrEqual(4.5)
  })

  it("words can be read on action and on the marker pen, and edges be seen", () => {
    expect(contrast("on-accent", "accent", look)).toBeGreaterThanOrEqual(4.5)
    expect(contrast("ink", "mark", look)).toBeGreaterThanOrEqual(4.5)
    for (const paper of ["bg", "surface"]) {
      expect(contrast("edge", paper, look)).toBeGreaterThanOrEqual(3)
    }
  })

  it.each([...COLOUR_NAMES])("the initials of %s can be read, and the caret be seen", name => {
    expect(contrast("on-person", `person-${name}`, look)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(`person-${name}`, "surface", look)).toBeGreaterThanOrEqual(3)
  })
})
