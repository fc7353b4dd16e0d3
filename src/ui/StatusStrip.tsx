// The strip under the sheet: how many words, what one may do, who is here. Nothing about safety: that is the
// chip's, at the top.
import { mayWrite, type OpenDocument } from "../app/model"
import type { Editor, Mode } from "./editing"
import { ModeSwitch } from "./notes/ModeSwitch"
import { carriedWords, shownName } from "./People"
import { useSelectedWords, useWordCount } from "./reckoning"
import { words } from "./words"

interface StatusStripProps {
  readonly open: OpenDocument
  readonly editor: Editor | null
  /** An answer to a key just pressed, shown for a moment. */
  readonly note: string | null
  readonly mode: Mode
  readonly onMode: (mode: Mode) => void
}

export function StatusStrip({ open, editor, note, mode, onMode }: StatusStripProps) {
  const amount = useWordCount(open.doc, editor)
  const selected = useSelectedWords(editor)
  const people = open.people.value.filter(person => person.pausedUntil === null)
  return (
    <div class="status-strip">
      {amount === null ? null : (
        <span>{selected === null ? words.editor.words(amount) : words.selectedWords(selected, amount)}</span>
      )}
      {note === null && open.notes.maySuggest && open.content.value === "here" ? (
        <ModeSwitch open={open} mode={mode} onMode={onMode} />
      ) : (
        <span>{note ?? rightWords(open)}</span>
      )}
      <span class="status-live">
        {people.length === 0
          ? words.editor.justYou
          : words.editor.liveWith(
              people.map(who => words.editor.carried(shownName(who.name), carriedWords(who.carriedBy))),
            )}
      </span>
    </div>
  )
}

function rightWords(open: OpenDocument): string {
  if (open.content.value === "waiting") return words.standing.waiting
  if (mayWrite(open.right)) return words.editor.editing
  return open.right === "comment" ? words.editor.commenting : words.editor.reading
}
