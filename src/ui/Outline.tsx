// The outline: the headings as links, the one under the caret marked. It is read anew in the pauses of typing. Beside
// the sheet where there is room, else a sheet of its own.
import { useEffect, useState } from "preact/hooks"
import type { Heading } from "../editor/around"
import type { Editor } from "./editing"
import { Icon } from "./Icon"
import { words } from "./words"

interface OutlineProps {
  readonly editor: Editor
  readonly onCopyLink: (heading: Heading) => void
  readonly onClose: () => void
  /** Asked after a heading was chosen: on a phone the panel steps out of the way. */
  readonly onChosen: () => void
}

const PAUSE_MS = 350

/** The headings of a text, and which one the caret is under (−1: none); read when the typing pauses. */
export function useHeadings(editor: Editor | null): { headings: readonly Heading[]; current: number } {
  const [headings, setHeadings] = useState<readonly Heading[]>([])
  const [head, setHead] = useState(0)
  useEffect(() => {
    if (editor === null) return
    const read = () => {
      if (editor.view.isDestroyed) return
      setHeadings(before => {
        const now = editor.around.headings()
        return JSON.stringify(now) === JSON.stringify(before) ? before : now
      })
      setHead(editor.view.state.selection.head)
    }
    let timer = window.setTimeout(read, 0)
    const stop = editor.around.onChange(() => {
      clearTimeout(timer)
      timer = window.setTimeout(read, PAUSE_MS)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [editor])
  const current = headings.filter(heading => heading.start < head).length - 1
  return { headings, current }
}

export function Outline({ editor, onCopyLink, onClose, onChosen }: OutlineProps) {
  const { headings, current } = useHeadings(editor)
  const least = Math.min(...headings.map(heading => heading.level))
  return (
    <nav class="outline" aria-label={words.outline.heading}>
      <div class="outline-head">
        <h2>{words.outline.heading}</h2>
        <button type="button" class="button bare" aria-label={words.outline.close} onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      </div>
      {headings.length === 0 ? <p class="hint">{words.outline.none}</p> : null}
      <ul>
        {headings.map((heading, index) => (
          <li key={`${index}/${heading.text}`} class={`depth-${heading.level - least}`}>
            <a
              href={`#h=${heading.id ?? ""}`}
              dir="auto"
              aria-current={index === current ? "location" : undefined}
              onClick={event => {
                event.preventDefault()
                editor.around.goTo(heading.start)
                onChosen()
              }}
            >
              {heading.text}
            </a>
            <button
              type="button"
              class="handle"
              aria-label={words.outline.copyLink(heading.text)}
              title={words.outline.copy}
              onClick={() => onCopyLink(heading)}
            >
              <Icon name="link" size={16} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
