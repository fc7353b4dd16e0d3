// "Since you were last here": who wrote meanwhile, with the way to what became different. It waits until one has looked,
// or said that one need not; Escape is as good.
import type { OpenDocument } from "../app/model"
import { Icon } from "./Icon"
import { authors } from "./People"
import { words } from "./words"

interface MissedBarProps {
  readonly open: OpenDocument
  readonly onShow: () => void
}

export function MissedBar({ open, onShow }: MissedBarProps) {
  const missed = open.missed.value
  if (missed === null) return null
  const said = words.missed
  return (
    <div
      class="missed"
      role="status"
      onKeyDown={event => {
        if (event.key === "Escape") open.seeAll()
      }}
    >
      <Icon name="restore" size={16} />
      <span class="missed-words">{said.by(authors(missed.people), missed.people.length)}</span>
      <button type="button" class="button small" onClick={onShow}>
        {said.show}
      </button>
      <button type="button" class="button bare" aria-label={said.dismiss} onClick={() => open.seeAll()}>
        <Icon name="close" size={16} />
      </button>
    </div>
  )
}
