import { describe, expect, it } from "vitest"
import { groupsThatFit, STYLES, shortcut, styleAt, toolbarStep } from "../../../src/ui/commands"
import { NO_STATE } from "../../../src/ui/editing"
import { menuStep } from "../../../src/ui/Popover"
import { wholeAddress } from "../../../src/ui/Sheets"

describe("the toolbar", () => {
  it("keeps every group while there is room, and needs no More then", () => {
    expect(groupsThatFit([100, 100, 100], 300, 50)).toBe(3)
  })

  it("moves whole groups away from the end, and leaves room for More", () => {
    expect(groupsThatFit([100, 100, 100], 299, 50)).toBe(2)
    expect(groupsThatFit([100, 100, 100], 249, 50)).toBe(1)
    expect(groupsThatFit([100, 100, 100], 40, 50)).toBe(0)
  })

  it("is walked with arrows that follow the line of writing", () => {
    expect(toolbarStep("ArrowRight", 0, 5, false)).toBe(1)
    expect(toolbarStep("ArrowRight", 0, 5, true)).toBe(4)
    expect(toolbarStep("ArrowLeft", 0, 5, true)).toBe(1)
    expect(toolbarStep("ArrowRight", 4, 5, false)).toBe(0)
    expect(toolbarStep("End", 1, 5, false)).toBe(4)
    expect(toolbarStep("b", 1, 5, false)).toBeNull()
    expect(toolbarStep("ArrowRight", 0, 0, false)).toBeNull()
  })

  it("says keys as the machine writes them", () => {
    expect(shortcut("Mod Shift 8", false)).toBe("Ctrl+Shift+8")
    expect(shortcut("Mod Shift 8", true)).toBe("⌘⇧8")
  })

  it("knows the style at the caret, or that it is none", () => {
    expect(styleAt(NO_STATE)).toBe(STYLES[0])
    expect(styleAt({ ...NO_STATE, block: "heading", level: 2 })).toBe(STYLES[2])
    expect(styleAt({ ...NO_STATE, block: "code_block" })).toBeNull()
  })
})

describe("a menu", () => {
  it("goes round with the arrows", () => {
    expect(menuStep("ArrowDown", 2, 3)).toBe(0)
    expect(menuStep("ArrowUp", 0, 3)).toBe(2)
    expect(menuStep("ArrowUp", -1, 3)).toBe(2)
    expect(menuStep("Home", 2, 3)).toBe(0)
    expect(menuStep("x", 0, 3)).toBeNull()
    expect(menuStep("ArrowDown", -1, 0)).toBeNull()
  })
})

describe("an address typed for a link", () => {
  it.each([
    ["https://example.org/a", "https://example.org/a"],
    [" http://example.org ", "http://example.org"],
    ["example.org/letter?x=1", "https://example.org/letter?x=1"],
    ["ana@example.org", "mailto:ana@example.org"],
    ["mailto:ana@example.org", "mailto:ana@example.org"],
  ])("%s is made whole", (typed, whole) => expect(wholeAddress(typed)).toBe(whole))

  it.each([
    "",
    "hello",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://",
    "file:///etc/passwd",
    "a b.c",
  ])("%s is refused", typed => expect(wholeAddress(typed)).toBeNull())
})
