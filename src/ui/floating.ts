// Where a floating thing stands beside its anchor is worked out by Floating UI, which comes when the first one opens.
import type { ComputePositionConfig, ComputePositionReturn, ReferenceElement } from "@floating-ui/dom"

export type FloatingUi = typeof import("@floating-ui/dom")

export const loadFloating = (): Promise<FloatingUi> => import("@floating-ui/dom")

/** Puts `element` beside its anchor, and again whenever something moves. The result stops that. */
export function keepBeside(
  anchor: ReferenceElement,
  element: HTMLElement,
  configured: (floating: FloatingUi) => Partial<ComputePositionConfig>,
  put: (found: ComputePositionReturn) => void,
): () => void {
  let stop: (() => void) | null = null
  let isOver = false
  void loadFloating().then(floating => {
    if (isOver) return
    stop = floating.autoUpdate(anchor, element, () => {
      void floating.computePosition(anchor, element, configured(floating)).then(put)
    })
  })
  return () => {
    isOver = true
    stop?.()
  }
}
