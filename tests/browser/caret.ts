// Where the caret of an editor in a page is, and putting it somewhere else: always by the words that stand
// there. Knows nothing of who types, or what.
import type { Page } from "@playwright/test"

/** The text of a document, as distinct from its title and other fields. */
export const EDITOR = ".ProseMirror[role=textbox]"
/** Its blocks, from its element: Sheaf draws them in sections, a bare ProseMirror does not. */
export const BLOCKS = ":scope > .section > *, :scope > :not(.section)"

/** What is at the caret. */
export interface Spot {
  readonly text: string
  /** Characters of `text` before the caret. */
  readonly offset: number
  readonly writable: boolean
}

/** The block that the caret is in, as a reader would see it: without buttons, boxes and labels in it. null: it is in none. */
export function readSpot(page: Page): Promise<Spot | null> {
  return page.evaluate(
    ({ selector, blocks }) => {
      const editor = document.querySelector(selector)
      const node = getSelection()?.focusNode ?? null
      if (
        editor === null ||
        node === null ||
        !editor.contains(node) ||
        !editor.contains(document.activeElement)
      ) {
        return null
      }
      const block = [...editor.querySelectorAll<HTMLElement>(blocks)].find(each => each.contains(node))
      if (block === undefined) return null
      const words = (part: HTMLElement | DocumentFragment) => {
        for (const fixed of part.querySelectorAll("[contenteditable=false]")) fixed.remove()
        return part.textContent ?? ""
      }
      const before = new Range()
      before.setStart(block, 0)
      before.setEnd(node, getSelection()?.focusOffset ?? 0)
      return {
        text: words(block.cloneNode(true) as HTMLElement),
        offset: words(before.cloneContents()).length,
        writable: block.isContentEditable && block.tagName !== "HR",
      }
    },
    { selector: EDITOR, blocks: BLOCKS },
  )
}

/** Puts the caret at an offset of the block that it is in, as a pointer would. */
export function pointWithin(page: Page, offset: number): Promise<void> {
  return page.evaluate(
    ({ selector, blocks, offset }) => {
      const editor = document.querySelector(selector)
      const selection = getSelection()
      const block = [...(editor?.querySelectorAll(blocks) ?? [])].find(child =>
        child.contains(selection?.focusNode ?? null),
      )
      if (block === undefined) return
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, node =>
        node.parentElement?.closest("[contenteditable=false]")
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
      )
      let left = offset
      while (walker.nextNode()) {
        const length = walker.currentNode.textContent?.length ?? 0
        if (left <= length) {
          selection?.collapse(walker.currentNode, left)
          return
        }
        left -= length
      }
    },
    { selector: EDITOR, blocks: BLOCKS, offset },
  )
}

/** Puts the caret at the end of the last block that holds `text`. False when there is none (yet). */
export async function placeCaret(page: Page, text: string): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    if (!(await pointAt(page, text))) return false
    await hearCaret(page)
    // A remote change drawn meanwhile may have put the caret back: then once more.
    const spot = await readSpot(page)
    if (spot?.text.includes(text) && spot.offset === spot.text.length) return true
  }
  throw new Error(`the caret does not stay at the end of "${text}"`)
}

function pointAt(page: Page, text: string): Promise<boolean> {
  return page.evaluate(
    ({ selector, blocks, words }) => {
      const editor = document.querySelector<HTMLElement>(selector)
      const block = [...(editor?.querySelectorAll(blocks) ?? [])].findLast(child =>
        child.textContent?.includes(words),
      )
      if (editor === null || block === undefined) return false
      editor.focus()
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, node =>
        node.parentElement?.closest("[contenteditable=false]")
          ? NodeFilter.FILTER_REJECT
          : NodeFilter.FILTER_ACCEPT,
      )
      let end: Node | null = null
      while (walker.nextNode()) end = walker.currentNode
      if (end === null) return false
      getSelection()?.collapse(end, end.textContent?.length ?? 0)
      return true
    },
    { selector: EDITOR, blocks: BLOCKS, words: text },
  )
}

/**
 * Resolves when the editor has heard where the caret is now. Browsers tell it in an event of its own, a frame
 * later; a person never overtakes that event, a sped-up typist would, and press Enter where the caret was.
 */
export async function hearCaret(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        requestAnimationFrame(() => setTimeout(resolve))
        // A page in the background draws no frames. On a busy machine a frame can take long, hence so much.
        setTimeout(resolve, 3000)
      }),
  )
}
