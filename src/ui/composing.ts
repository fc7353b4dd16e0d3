// Whether an input method is in the middle of a word, for whoever would take the page from under it.
import type { Composition } from "../app/updates"
import type { Stop, World } from "../bytes/world"

/** An editor reads what was composed a moment after it has ended. */
const COMPOSED_MS = 100

/** Whether an input method holds letters that the editor has not taken yet. */
export function watchComposition(world: Pick<World, "after">): Composition {
  let isOver = true
  let forEnd: (() => void)[] = []
  let ending: Stop = () => undefined
  document.addEventListener("compositionstart", () => {
    ending()
    isOver = false
  })
  const end = () => {
    ending()
    ending = world.after(COMPOSED_MS, () => {
      isOver = true
      for (const resolve of forEnd) resolve()
      forEnd = []
    })
  }
  document.addEventListener("compositionend", end)
  // Chromium drops a composition whose line is redrawn, and says nothing: what comes next is not part of one.
  for (const event of ["input", "keydown"])
    document.addEventListener(event, heard => {
      if (!isOver && "isComposing" in heard && heard.isComposing === false) end()
    })
  return {
    get isOver() {
      return isOver
    },
    over: () => (isOver ? Promise.resolve() : new Promise(resolve => forEnd.push(resolve))),
  }
}
