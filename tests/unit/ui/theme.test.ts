// @vitest-environment jsdom
import { describe, expect, it } from "vitest"
import { chooseTheme, restoreTheme, type Shelf, theme } from "../../../src/ui/theme"

function shelfWith(kept: Record<string, string>): Shelf & { readonly kept: Record<string, string> } {
  return {
    kept,
    getItem: name => kept[name] ?? null,
    setItem: (name, value) => {
      kept[name] = value
    },
    removeItem: name => {
      delete kept[name]
    },
  }
}

const page = () => document.createElement("html")

describe("the look of this device", () => {
  it("is the system's until somebody chooses", () => {
    const root = page()
    restoreTheme(shelfWith({}), root)
    expect(theme.value).toBe("system")
    expect(root.hasAttribute("data-theme")).toBe(false)
  })

  it("is kept, and taken up again", () => {
    const shelf = shelfWith({})
    chooseTheme("dark", shelf, page())
    const next = page()
    restoreTheme(shelf, next)
    expect(next.getAttribute("data-theme")).toBe("dark")
    chooseTheme("system", shelf, next)
    expect(next.hasAttribute("data-theme")).toBe(false)
    expect(shelf.kept).toEqual({})
  })

  it("takes nothing that it does not know, and works where nothing is kept", () => {
    const root = page()
    restoreTheme(shelfWith({ "sheaf.theme": "purple" }), root)
    expect(root.hasAttribute("data-theme")).toBe(false)
    chooseTheme("light", null, root)
    expect(root.getAttribute("data-theme")).toBe("light")
  })
})
