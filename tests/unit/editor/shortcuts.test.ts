// @vitest-environment jsdom
// The one table of keys: what a press means on different layouts and machines, and that no two commands share keys.
import { describe, expect, it } from "vitest"
import { commandNamed } from "../../../src/editor/named"
import { SHORTCUTS, type Shortcut, shortcutOf } from "../../../src/editor/shortcuts"
import { tableCommandNamed } from "../../../src/editor/table-commands"
import { COMMANDS, INSERTS } from "../../../src/ui/commands"
import { rowsOf } from "../../../src/ui/KeysSheet"

const press = (key: string, code: string, held: string, graph = false) => {
  const event = new KeyboardEvent("keydown", {
    key,
    code,
    ctrlKey: held.includes("C"),
    altKey: held.includes("A"),
    shiftKey: held.includes("S"),
    metaKey: held.includes("M"),
    modifierAltGraph: graph,
  })
  return event
}

describe("a key", () => {
  it("means the same on every layout", () => {
    expect(shortcutOf(press("b", "KeyB", "C"), "text", false)).toBe("bold")
    expect(shortcutOf(press("и", "KeyB", "C"), "text", false)).toBe("bold") // Russian
    expect(shortcutOf(press("b", "KeyN", "C"), "text", false)).toBe("bold") // Dvorak
    expect(shortcutOf(press("&", "Digit1", "CA"), "text", false)).toBe("heading-1") // AZERTY
    expect(shortcutOf(press("/", "Digit7", "CS"), "text", false)).toBe("ordered-list") // German
    expect(shortcutOf(press(":", "Period", "CS"), "text", false)).toBe("quote") // German
    expect(shortcutOf(press("µ", "KeyM", "MA"), "screen", true)).toBe("comment")
    expect(shortcutOf(press("ç", "KeyC", "MA"), "text", true)).toBe("code-block") // ⌥ types another letter
  })

  it("is ⌘ on Apple and Ctrl elsewhere, and other modifiers are other keys", () => {
    expect(shortcutOf(press("z", "KeyZ", "M"), "text", true)).toBe("undo")
    expect(shortcutOf(press("z", "KeyZ", "C"), "text", true)).toBeNull()
    expect(shortcutOf(press("z", "KeyZ", "CM"), "text", false)).toBeNull()
    expect(shortcutOf(press("Z", "KeyZ", "CS"), "text", false)).toBe("redo")
    expect(shortcutOf(press("b", "KeyB", ""), "text", false)).toBeNull()
  })

  it("that types a character with AltGr is no shortcut", () => {
    expect(shortcutOf(press("[", "Digit8", "CA", true), "text", false)).toBeNull()
    expect(shortcutOf(press("ć", "KeyC", "CA", true), "text", false)).toBeNull() // Polish
    expect(shortcutOf(press("{", "Digit7", "CAS", true), "text", false)).toBeNull()
  })

  it("that zooms the page elsewhere is left to it", () => {
    expect(shortcutOf(press("-", "Slash", "C"), "screen", false)).toBeNull() // German
    expect(shortcutOf(press("/", "Slash", "C"), "screen", false)).toBe("palette")
    expect(shortcutOf(press("?", "Slash", "CS"), "screen", false)).toBe("keys")
  })
})

describe("the table of shortcuts", () => {
  const all = Object.entries<Shortcut>(SHORTCUTS)

  it("gives each combination one meaning, and no single letter any", () => {
    const keys = all.flatMap(([, shortcut]) => shortcut.keys)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.filter(each => !/ /.test(each))).toEqual([])
  })

  it("runs only what the editor knows", () => {
    for (const [id, { run }] of all)
      if (run !== undefined && id !== "undo" && id !== "redo") expect(commandNamed(run), id).not.toBeNull()
    // A picture is the screen's: it asks for a file first.
    for (const { run, id } of INSERTS)
      if (id !== "picture") expect(commandNamed(run) ?? tableCommandNamed(run), id).not.toBeNull()
  })

  it("has a name for every key on the sheet, and every command its own id", () => {
    const ids = COMMANDS.map(command => command.id)
    expect(new Set(ids).size).toBe(ids.length)
    const listed = rowsOf(COMMANDS, false)
    expect(listed.find(row => row.id === "undo")?.keys).toEqual(["Ctrl+Z"])
    expect(listed.find(row => row.id === "redo")?.keys).toEqual(["Ctrl+Shift+Z", "Ctrl+Y"])
    expect(listed.find(row => row.id === "leave")?.keys).toEqual(["Esc, Tab"])
  })
})
