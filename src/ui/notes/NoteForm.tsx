// Where a comment or a reply is written. Mod Enter sends, Escape gives up; nothing is kept of what was not sent.
import { useEffect, useRef, useState } from "preact/hooks"
import { words } from "../words"

interface NoteFormProps {
  readonly label: string
  readonly send: string
  readonly start?: string
  /** A form that is opened to be written in takes the focus; a reply's waits for it. */
  readonly focus?: boolean
  readonly onSend: (body: string) => void
  /** Null: there is nothing to go back to. */
  readonly onCancel: (() => void) | null
}

/** UTF-16 units; a body may have 16 KiB of UTF-8. */
const LENGTH_MAX = 5_000

export function NoteForm({ label, send, start = "", focus = false, onSend, onCancel }: NoteFormProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [body, setBody] = useState(start)
  useEffect(() => {
    if (focus) field.current?.focus({ preventScroll: true })
  }, [focus])
  useEffect(() => {
    const element = field.current
    if (element === null) return
    // As tall as its words: what is written stays in sight.
    element.style.blockSize = "auto"
    element.style.blockSize = `${element.scrollHeight + 2}px`
  })
  const ready = body.trim() !== ""
  const submit = () => {
    if (!ready) return
    onSend(body.trim())
    setBody("")
  }
  return (
    <form
      class="note-form"
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={event => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault()
          event.stopPropagation()
          submit()
        } else if (event.key === "Escape" && onCancel !== null) {
          event.preventDefault()
          event.stopPropagation()
          onCancel()
        }
      }}
    >
      <textarea
        ref={field}
        class="input"
        rows={1}
        dir="auto"
        maxLength={LENGTH_MAX}
        aria-label={label}
        placeholder={label}
        value={body}
        onInput={event => setBody(event.currentTarget.value)}
      />
      {ready || onCancel !== null ? (
        <div class="actions">
          <button type="submit" class="button primary small" aria-disabled={!ready}>
            {send}
          </button>
          {onCancel === null ? null : (
            <button type="button" class="button quiet small" onClick={onCancel}>
              {words.notes.cancel}
            </button>
          )}
        </div>
      ) : null}
    </form>
  )
}
