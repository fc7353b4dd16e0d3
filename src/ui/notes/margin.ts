// Cards beside the text stand level with their words and never over each other: the one that is looked at stands
// exactly, those above it give way upwards and those below downwards. Places are written into styles once a frame;
// nothing is drawn anew for it.
import { useLayoutEffect } from "preact/hooks"
import type { NoteId } from "../../records/note"
import type { Editor } from "../editing"

const GAP = 10

/** Keeps the cards in `column` level with their notes; `ids` in the order of the text, as they stand in the column. */
export function useAligned(
  column: { readonly current: HTMLElement | null },
  editor: Editor | null,
  ids: readonly NoteId[],
  active: NoteId | null,
): void {
  const names = ids.join(" ")
  useLayoutEffect(() => {
    const element = column.current
    if (element === null || editor === null) return
    let frame = 0
    const align = () => {
      frame = 0
      const offset = editor.view.dom.getBoundingClientRect().top - element.getBoundingClientRect().top
      const cards = [...element.querySelectorAll<HTMLElement>("[data-card]")]
      const heights = cards.map(card => card.offsetHeight)
      const wanted = cards.map(card => editor.notes.top(card.dataset["card"] as NoteId))
      const at = cards.findIndex(card => card.dataset["card"] === active)
      const tops = aligned(
        wanted.map(top => (top === null ? null : Math.max(0, top + offset))),
        heights,
        at,
      )
      let bottom = 0
      for (const [index, card] of cards.entries()) {
        card.style.transform = `translateY(${Math.round(tops[index] ?? 0)}px)`
        bottom = Math.max(bottom, (tops[index] ?? 0) + (heights[index] ?? 0))
      }
      element.style.minBlockSize = `${bottom}px`
    }
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(align)
    }
    align()
    const stop = editor.notes.onMoved(soon)
    const resized = new ResizeObserver(soon)
    resized.observe(editor.view.dom)
    for (const card of element.querySelectorAll("[data-card]")) resized.observe(card)
    return () => {
      cancelAnimationFrame(frame)
      stop()
      resized.disconnect()
    }
  }, [column, editor, names, active])
}

/**
 * Where cards stand, in px. `wanted`: where each would like to, null: anywhere after the others. `at`: the one that
 * stands exactly; -1: none does.
 */
export function aligned(
  wanted: readonly (number | null)[],
  heights: readonly number[],
  at: number,
): readonly number[] {
  const tops: number[] = []
  let free = 0
  for (const [index, top] of wanted.entries()) {
    const place = Math.max(top ?? free, free)
    tops.push(place)
    free = place + (heights[index] ?? 0) + GAP
  }
  const exact = wanted[at] ?? null
  if (exact === null) return tops
  // Those above give way upwards, as far as there is room.
  let ceiling = exact
  tops[at] = exact
  for (let index = at - 1; index >= 0; index--) {
    const top = Math.min(wanted[index] ?? ceiling, ceiling - GAP - (heights[index] ?? 0))
    tops[index] = top
    ceiling = top
  }
  const short = Math.min(0, ...tops.slice(0, at))
  if (short < 0) for (let index = 0; index <= at; index++) tops[index] = (tops[index] ?? 0) - short
  let below = (tops[at] ?? 0) + (heights[at] ?? 0) + GAP
  for (let index = at + 1; index < tops.length; index++) {
    tops[index] = Math.max(wanted[index] ?? below, below)
    below = (tops[index] ?? 0) + (heights[index] ?? 0) + GAP
  }
  return tops
}
