// @vitest-environment jsdom
// Files of other programs become documents: their title, their blocks, and a plain word when they are none.
import { expect, test } from "vitest"
import { imported, isImportable } from "../../../src/app/importing"
import { createDocument } from "../../../src/content/document"
import { render } from "../../../src/content/render"
import { fillDocument } from "../../../src/editor/fill"

const file = (name: string, ...pieces: readonly (string | Uint8Array)[]) => ({
  name,
  async *pieces() {
    for (const piece of pieces) yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece
  },
})
const shown = async (...args: Parameters<typeof file>) => {
  const beginning = await imported(file(...args))
  if (!beginning) throw new Error("nothing was read")
  const { title, blocks } = beginning
  return [title, ...blocks.map(block => `${block.type.name}: ${block.textContent}`)]
}

test("Markdown brings its title, or takes the name of its file", async () => {
  expect(await shown("a.md", "# Soup\n\n- pe", "el")).toEqual(["Soup", "paragraph: peel"])
  expect(await shown("Soup of the day.markdown", "## Serve")).toEqual(["Soup of the day", "heading: Serve"])
})

test("a web page and a plain text too", async () => {
  expect(await shown("a.html", "<title>Soup</title><h2>Peel</h2><script>x</script><p>it")).toEqual([
    "Soup",
    "heading: Peel",
    "paragraph: it",
  ])
  expect(await shown("soup.TXT", "peel\r\n\r\nboil")).toEqual(["soup", "paragraph: peel", "paragraph: boil"])
})

test("what is no text, or too large, is refused by name", async () => {
  expect(await imported(file("a.txt", Uint8Array.of(0xff, 0xfe, 0x00)))).toBeNull()
  const mega = new Uint8Array(1024 * 1024).fill(97)
  expect(await imported(file("a.txt", ...Array.from({ length: 10 }, () => mega)))).not.toBeNull()
  expect(await imported(file("a.md", ...Array.from({ length: 11 }, () => mega)))).toBeNull()
  expect(["a.docx", "a.sheaf", "a", "md"].map(isImportable)).toEqual([false, false, false, false])
})

test("the blocks are written as an editor would have written them", async () => {
  const doc = createDocument(1)
  const text = "one\n\n> two\n\n1. three\n\n| a | b |\n| - | - |\n| c | d |"
  const blocks = (await imported(file("a.md", text)))?.blocks ?? []
  expect(blocks).toHaveLength(4)
  fillDocument(doc, blocks)
  expect(render(doc).content.content.map(String)).toEqual(blocks.map(String))
  fillDocument(doc, blocks.slice(0, 1))
  expect(render(doc).childCount).toBe(blocks.length + 1)
  fillDocument(createDocument(2), [])
})
