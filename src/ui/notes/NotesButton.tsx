// The way to the list of comments, with how many of them are open.
import { Icon } from "../Icon"
import { words } from "../words"
import type { NotesView } from "./view"

export function NotesButton({ view }: { readonly view: NotesView }) {
  const open = view.threads.filter(({ status }) => status === "open").length
  return (
    <button
      type="button"
      class="button bare notes-button"
      aria-label={words.notes.open(open)}
      title={words.notes.heading}
      aria-expanded={view.listing}
      onClick={() => view.list(!view.listing)}
    >
      <Icon name="comment" />
      {open === 0 ? null : <span class="notes-count">{open}</span>}
    </button>
  )
}
