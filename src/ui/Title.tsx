// The title: the page's h1 and a field at once. It grows with its words, keeps the caret when others
// rename the document, and hands over to the text on Enter.
import { useLayoutEffect, useRef } from "preact/hooks"
import type { OpenDocument } from "../app/model"
import { words } from "./words"

interface TitleProps {
  readonly open: OpenDocument
  /** False for readers, and until the document has arrived. */
  readonly editable: boolean
  readonly onEnter: () => void
}

export function Title({ open, editable, onEnter }: TitleProps) {
  const field = useRef<HTMLInputElement>(null)
  const title = open.title.value

  useLayoutEffect(() => {
    const input = field.current
    if (input === null || input.value === title) return
    // Somebody else renamed it: setting the value throws the caret to the end, so it is put back.
    const { selectionStart, selectionEnd } = input
    input.value = title
    if (document.activeElement === input) input.setSelectionRange(selectionStart, selectionEnd)
  }, [title])

  if (!editable) {
    return (
      <h1 class="title" dir="auto">
        {title.trim() === "" ? words.untitled : title}
      </h1>
    )
  }
  return (
    <h1 class="title">
      <input
        ref={field}
        class="title-field"
        dir="auto"
        aria-label={words.editor.title}
        placeholder={words.untitled}
        defaultValue={title}
        maxLength={300}
        autocomplete="off"
        enterkeyhint="next"
        onInput={event => open.setTitle(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key !== "Enter" || event.isComposing) return
          event.preventDefault()
          onEnter()
        }}
      />
      {/* A field cannot break its line; on paper the words themselves stand here. */}
      <span class="on-paper" aria-hidden="true">
        {title}
      </span>
    </h1>
  )
}
