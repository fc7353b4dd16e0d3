// Find and replace: a strip over the text. What is found is counted as it is found; the text scrolls, the focus stays
// in the field; Escape goes back to the text, with the place selected.
import { useEffect, useRef, useState } from "preact/hooks"
import type { Found } from "../editor/find"
import type { Editor } from "./editing"
import { Icon } from "./Icon"
import { announce } from "./Live"
import { words } from "./words"

interface FindBarProps {
  readonly editor: Editor
  readonly editable: boolean
  /** Whether other words are to be put in the place of those found. */
  readonly replacing: boolean
  readonly onClose: () => void
}

export function FindBar({ editor, editable, replacing, onClose }: FindBarProps) {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(() => selectedText(editor))
  const [other, setOther] = useState("")
  const [matchCase, setMatchCase] = useState(false)
  const [wholeWord, setWholeWord] = useState(false)
  const [found, setFound] = useState<Found | null>(null)
  const { find, view } = editor

  useEffect(() => {
    field.current?.focus()
    field.current?.select()
    find.onFound = setFound
    return () => {
      find.onFound = () => undefined
      if (!view.isDestroyed) find.search(view, null)
    }
  }, [find, view])
  useEffect(() => {
    find.search(view, { text, matchCase, wholeWord })
  }, [find, view, text, matchCase, wholeWord])

  const close = () => {
    onClose()
    editor.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") close()
    else if (event.key === "Enter" && event.target === field.current) find.step(view, event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const status =
    text === "" || found === null
      ? ""
      : found.count === 0 && found.done
        ? words.find.none
        : (found.done ? words.find.count : words.find.counting)(found.current, found.count)

  return (
    <search class="find-bar" aria-label={words.find.heading} onKeyDown={onKeyDown}>
      <div class="find-row">
        <input
          ref={field}
          class="input find-field"
          type="text"
          aria-label={words.find.find}
          placeholder={words.find.find}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="search"
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
        <span class="find-count" role="status">
          {status}
        </span>
        <Toggle label={words.find.matchCase} icon="matchCase" on={matchCase} set={setMatchCase} />
        <Toggle label={words.find.wholeWord} icon="wholeWord" on={wholeWord} set={setWholeWord} />
        <Press label={words.find.previous} icon="up" onPress={() => find.step(view, -1)} />
        <Press label={words.find.next} icon="down" onPress={() => find.step(view, 1)} />
        <Press label={words.close} icon="close" onPress={close} />
      </div>
      {replacing && editable ? (
        <div class="find-row">
          <input
            class="input find-field"
            type="text"
            aria-label={words.find.replaceWith}
            placeholder={words.find.replaceWith}
            autocomplete="off"
            value={other}
            onInput={event => setOther(event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key === "Enter") find.replace(view, other)
            }}
          />
          <button type="button" class="button small" onClick={() => find.replace(view, other)}>
            {words.find.replace}
          </button>
          <button
            type="button"
            class="button small"
            onClick={() => announce(words.find.replaced(find.replaceAll(view, other)))}
          >
            {words.find.replaceAll}
          </button>
        </div>
      ) : null}
    </search>
  )
}

function selectedText({ view }: Editor): string {
  const { from, to } = view.state.selection
  const text = view.state.doc.textBetween(from, Math.min(to, from + 100), "\n")
  return text.includes("\n") ? "" : text
}

function Toggle(props: {
  readonly label: string
  readonly icon: "matchCase" | "wholeWord"
  readonly on: boolean
  readonly set: (on: boolean) => void
}) {
  return (
    <button
      type="button"
      class="tool"
      aria-label={props.label}
      title={props.label}
      aria-pressed={props.on}
      onClick={() => props.set(!props.on)}
    >
      <Icon name={props.icon} />
    </button>
  )
}

function Press(props: {
  readonly label: string
  readonly icon: "up" | "down" | "close"
  readonly onPress: () => void
}) {
  return (
    <button type="button" class="tool" aria-label={props.label} title={props.label} onClick={props.onPress}>
      <Icon name={props.icon} />
    </button>
  )
}
