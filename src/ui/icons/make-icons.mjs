// Draws every app icon from sheaf.svg: `node src/ui/icons/make-icons.mjs`. Run by hand when the sheaf
// changes; what it draws is committed under public/i, so that no build needs a browser.
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"
import { findChromium } from "../../../tests/browser/chromium.mjs"

const INK = "#0f5c4d"
const PAPER = "#fffdf7"
const TWINE = "#e5b55c"

const here = path => fileURLToPath(new URL(path, import.meta.url))
const source = readFileSync(here("sheaf.svg"), "utf8")
const drawing = source.slice(source.indexOf("</title>") + "</title>".length, source.lastIndexOf("</svg>"))

/**
 * A square icon as SVG. The sheaf takes `share` of its side; `radius` rounds the tile (of 100).
 * @param {{ share: number, radius: number }} shape
 */
function tile({ share, radius }) {
  const side = share * 100
  const edge = (100 - side) / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><title>Sheaf</title><style>.twine{stroke:${TWINE}}</style><rect width="100" height="100" rx="${radius}" fill="${INK}"/><g color="${PAPER}" transform="translate(${edge} ${edge}) scale(${side / 24})">${compact(drawing)}</g></svg>\n`
}

const compact = svg => svg.replace(/\s*\n\s*/g, "")

// Safe for every mask: a maskable icon may be cut to the circle of 80 % of its side.
const rounded = tile({ share: 0.78, radius: 22 })
const full = tile({ share: 0.6, radius: 0 })

writeFileSync(here("../../../public/i/favicon.svg"), tile({ share: 0.84, radius: 22 }))
writeFileSync(
  here("../../../public/i/mono.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 32 32" color="#000"><title>Sheaf</title>${compact(drawing)}</svg>\n`,
)

const executablePath = findChromium()
const browser = await chromium.launch({
  args: ["--no-sandbox", "--disable-gpu"],
  ...(executablePath === null ? {} : { executablePath }),
})
for (const [name, side, svg] of [
  ["192", 192, rounded],
  ["512", 512, rounded],
  ["mask-512", 512, full],
  ["apple-180", 180, tile({ share: 0.7, radius: 0 })],
]) {
  const page = await browser.newPage({ viewport: { width: side, height: side } })
  await page.setContent(
    `<style>*{margin:0}svg{display:block}body>svg{width:${side}px;height:${side}px}</style>${svg}`,
  )
  await page.screenshot({ path: here(`../../../public/i/${name}.png`), omitBackground: true })
  await page.close()
}
await browser.close()
