// The list that opens under "/" and ":" while one types. The caret stays in the text, which tells a screen reader what
// is chosen here; arrows choose, Enter and Tab take, Escape leaves what was typed.
import { computePosition, flip, offset, shift } from "@floating-ui/dom"
import { useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks"
import type { Completing } from "../editor/completion"
import { found } from "./CommandPalette"
import { type Command, INSERTS } from "./commands"
import type { Editor } from "./editing"
import { EMOJI } from "./emoji"
import { Icon } from "./Icon"
import { Keys } from "./Keys"
import { menuStep } from "./Popover"
import { words } from "./words"

interface CompletionMenuProps {
  readonly editor: Editor
  readonly onCommand: (command: Command["run"]) => void
  /** What else may be inserted, beside what everybody may. */
  readonly more: readonly Command[]
}

interface Choice {
  readonly id: string
  readonly label: string
  readonly command: Command | null
  readonly emoji: string | null
}

const EMOJI_MAX = 8

export function CompletionMenu({ editor, onCommand, more }: CompletionMenuProps) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const [completing, setCompleting] = useState<Completing | null>(null)
  const [at, setAt] = useState(0)
  const choices = useMemo(() => choicesFor(completing, more), [completing, more])
  const chosen = choices[Math.min(at, choices.length - 1)] ?? null
  const latest = useRef({ choices, chosen, at })
  latest.current = { choices, chosen, at }

  const take = (choice: Choice) => {
    editor.completion.accept(editor.view, choice.emoji ?? "")
    if (choice.command !== null) onCommand(choice.command.run)
  }
  const latestTake = useRef(take)
  latestTake.current = take

  useLayoutEffect(() => {
    const { completion } = editor
    completion.list = {
      show: next => {
        setCompleting(next)
        setAt(0)
      },
      key: event => {
        const { choices, chosen, at } = latest.current
        if (chosen === null || event.isComposing) return false
        if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
          latestTake.current(chosen)
          return true
        }
        const next = event.key.startsWith("Arrow") ? menuStep(event.key, at, choices.length) : null
        if (next === null) return false
        setAt(next)
        return true
      },
      ids: () => {
        const { chosen } = latest.current
        return chosen === null ? null : { list: id, chosen: `${id}-${chosen.id}` }
      },
    }
    return () => {
      completion.list = null
    }
  }, [editor, id])

  useLayoutEffect(() => {
    editor.completion.refresh(editor.view)
    const element = menu.current
    if (element === null || completing === null) return
    element.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" })
    const caret = editor.view.coordsAtPos(completing.from)
    const place = {
      getBoundingClientRect: () => new DOMRect(caret.left, caret.top, 0, caret.bottom - caret.top),
    }
    void computePosition(place, element, {
      placement: "bottom-start",
      strategy: "fixed",
      middleware: [offset(4), flip({ padding: 8 }), shift({ padding: 8 })],
    }).then(({ x, y }) => {
      element.style.left = `${x}px`
      element.style.top = `${y}px`
    })
  }, [editor, completing, chosen])

  if (completing === null || chosen === null) return null
  return (
    <div
      ref={menu}
      id={id}
      class="completion option-list"
      role="listbox"
      aria-label={completing.sign === "/" ? words.completion.insert : words.completion.emoji}
    >
      {choices.map(choice => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text's, which keeps the focus
        <div
          key={choice.id}
          id={`${id}-${choice.id}`}
          class="option"
          role="option"
          tabIndex={-1}
          aria-selected={choice === chosen}
          onMouseDown={event => event.preventDefault()}
          onClick={() => take(choice)}
        >
          {choice.command === null ? (
            <span class="emoji" aria-hidden="true">
              {choice.emoji}
            </span>
          ) : (
            <Icon name={choice.command.icon} />
          )}
          <span class="menu-words">{choice.label}</span>
          {choice.command === null ? null : <Keys of={choice.command.id} />}
        </div>
      ))}
    </div>
  )
}

export function choicesFor(completing: Completing | null, more: readonly Command[]): readonly Choice[] {
  if (completing === null) return []
  const { sign, query } = completing
  if (sign === ":") {
    if (query.length < 2) return []
    const typed = query.toLowerCase()
    const all = EMOJI.filter(([names]) => names.some(name => name.startsWith(typed)))
    return all.slice(0, EMOJI_MAX).map(([names, emoji]) => ({
      id: names[0] ?? emoji,
      label: names[0] ?? emoji,
      command: null,
      emoji,
    }))
  }
  return found([...INSERTS, ...more], query).map(command => ({
    id: command.id,
    label: command.label,
    command,
    emoji: null,
  }))
}
