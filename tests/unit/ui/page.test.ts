import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")
const exists = (path: string) => existsSync(new URL(`../../../${path}`, import.meta.url))

describe("the page", () => {
  const page = read("index.html")

  it("allows nothing inline and nothing from elsewhere, and holds nothing that it forbids", () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1] ?? ""
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/)
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })

  it("lets the page be zoomed, and shrinks for a keyboard where it can", () => {
    const viewport = /name="viewport"\s+content="([^"]+)"/.exec(page)?.[1] ?? ""
    expect(viewport).toContain("interactive-widget=resizes-content")
    expect(viewport).not.toMatch(/user-scalable|maximum-scale/)
  })

  it("names only files that are there", () => {
    const named = [...page.matchAll(/href="(\/[^"]+)"/g)].map(match => match[1] ?? "")
    expect(named.length).toBeGreaterThan(3)
    for (const path of named) expect(exists(`public${path}`), path).toBe(true)
  })
})

describe("the manifest", () => {
  const manifest: { id: string; icons: { src: string; purpose: string }[] } = JSON.parse(
    read("public/manifest.webmanifest"),
  )

  it("keeps the identity that installed apps have", () => {
    expect(manifest.id).toBe("/")
  })

  it("has an icon for every shape, and each is there", () => {
    expect(manifest.icons.map(icon => icon.purpose)).toEqual(["any", "any", "maskable", "monochrome"])
    for (const icon of manifest.icons) expect(exists(`public${icon.src}`), icon.src).toBe(true)
  })
})

describe("the first paint", () => {
  it("wears the colours of the tokens", () => {
    const tokens = read("src/ui/tokens.css")
    const shell = read("public/shell.css")
    for (const name of ["bg", "surface", "line"]) {
      const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens) ?? []
      expect(light).toBeDefined()
      expect(shell).toContain(light)
      expect(shell).toContain(dark)
    }
  })
})
