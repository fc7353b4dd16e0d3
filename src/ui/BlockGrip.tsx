// The grip beside the block under the mouse. It is for pointers only: the keys move blocks too, and are named in its
// tip, so it is no stop for Tab.

import { useEffect, useState } from "preact/hooks"
import { type BlockOver, blockOver, dragBlock } from "../editor/drag"
import { shortcut } from "./commands"
import type { Editor } from "./editing"
import { Icon } from "./Icon"
import { isApple } from "./keys"
import { words } from "./words"

export function BlockGrip({ editor }: { readonly editor: Editor }) {
  const [over, setOver] = useState<(BlockOver & { readonly top: number; readonly left: number }) | null>(null)
  const { view } = editor
  useEffect(() => {
    if (!matchMedia("(hover: hover) and (pointer: fine)").matches) return
    let frame = 0
    const stop = new AbortController()
    const { signal } = stop
    const hide = () => setOver(null)
    const look = (event: MouseEvent) => {
      if (event.buttons !== 0) return
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => {
        const block = view.isDestroyed ? null : blockOver(view, event.target)
        // Between blocks, and on the way to the grip, it stays where it was.
        if (block === null) return
        const box = block.element.getBoundingClientRect()
        const rightToLeft = getComputedStyle(view.dom).direction === "rtl"
        setOver({ ...block, top: box.top, left: rightToLeft ? box.right + 8 : box.left - 32 })
      })
    }
    view.dom.addEventListener("mousemove", look, { signal })
    view.dom.addEventListener("keydown", hide, { signal })
    document.addEventListener("scroll", hide, { signal, capture: true, passive: true })
    const leave = editor.around.onChange(hide)
    return () => {
      stop.abort()
      leave()
      cancelAnimationFrame(frame)
    }
  }, [editor, view])
  if (over === null) return null
  return (
    <div
      class="block-grip"
      aria-hidden="true"
      draggable
      title={words.grip(shortcut("Alt Shift ↑", isApple()))}
      style={{ top: `${over.top}px`, left: `${over.left}px` }}
      onDragStart={event => dragBlock(view, over, event)}
      onDragEnd={() => {
        view.dragging = null
        setOver(null)
      }}
    >
      <Icon name="grip" size={18} />
    </div>
  )
}
