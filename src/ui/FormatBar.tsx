// The phone's format bar: one row of thumb-sized buttons just above the keyboard, there only while one
// writes. Lists open as a second row in its place, not as a bubble over the text. Touching it leaves the
// caret and the keyboard where they are.
import { useEffect, useRef, useState } from "preact/hooks"
import type { Command } from "./commands"
import * as commands from "./commands"
import type { ToolbarState } from "./editing"
import { Icon, type IconName } from "./Icon"
import { CommandButton } from "./Toolbar"
import { words } from "./words"

interface FormatBarProps {
  readonly state: ToolbarState
  readonly onCommand: (command: Command["run"]) => void
  readonly onHideKeyboard: () => void
}

type Row = "main" | "lists" | "styles" | "table"

const LISTS: readonly Command[] = [
  commands.bulletList,
  commands.numberedList,
  commands.taskList,
  commands.outdent,
  commands.indent,
  commands.quote,
  commands.codeBlock,
  commands.divider,
]

export function FormatBar({ state, onCommand, onHideKeyboard }: FormatBarProps) {
  const [row, setRow] = useState<Row>("main")
  const bar = useRef<HTMLDivElement>(null)
  useKeptAboveKeyboard(bar)
  const button = (command: Command) => (
    <CommandButton key={command.id} command={command} state={state} onCommand={onCommand} />
  )
  const backToMain = <RowButton label={words.back} icon="back" onPress={() => setRow("main")} />
  return (
    <div ref={bar} class="format-bar" role="toolbar" aria-label={words.editor.toolbar}>
      <div class="format-row">
        {row === "main" ? (
          <>
            {button(commands.undo)}
            {button(commands.redo)}
            <RowButton label={words.editor.style} icon="heading" expands onPress={() => setRow("styles")} />
            {button(commands.bold)}
            {button(commands.italic)}
            <RowButton
              label={words.commands.lists}
              icon="bulletList"
              expands
              onPress={() => setRow("lists")}
            />
            {button(commands.taskList)}
            {button(commands.link)}
            {button(commands.picture)}
            {state.table === null ? (
              button(commands.table)
            ) : (
              <RowButton label={words.commands.table} icon="table" expands onPress={() => setRow("table")} />
            )}
            {button(commands.underline)}
            {button(commands.strike)}
            {button(commands.highlight)}
            {button(commands.code)}
          </>
        ) : null}
        {row === "lists" ? (
          <>
            {backToMain}
            {LISTS.map(button)}
          </>
        ) : null}
        {row === "table" ? (
          <>
            {backToMain}
            {commands.TABLE.flat().map(command => (
              <button
                key={command.id}
                type="button"
                class="tool wordy"
                aria-pressed={command.isOn?.(state)}
                onMouseDown={event => event.preventDefault()}
                onClick={() => onCommand(command.run)}
              >
                {command.label}
              </button>
            ))}
          </>
        ) : null}
        {row === "styles" ? (
          <>
            {backToMain}
            {commands.STYLES.map(style => (
              <button
                key={style.label}
                type="button"
                class="tool wordy"
                aria-pressed={commands.styleAt(state) === style}
                onMouseDown={event => event.preventDefault()}
                onClick={() => {
                  onCommand(style.run)
                  setRow("main")
                }}
              >
                {style.label}
              </button>
            ))}
          </>
        ) : null}
      </div>
      <RowButton label={words.editor.hideKeyboard} icon="hideKeyboard" onPress={onHideKeyboard} />
    </div>
  )
}

interface RowButtonProps {
  readonly label: string
  readonly icon: IconName
  readonly expands?: boolean
  readonly onPress: () => void
}

function RowButton({ label, icon, expands = false, onPress }: RowButtonProps) {
  return (
    <button
      type="button"
      class={expands ? "tool expands" : "tool"}
      aria-label={label}
      aria-expanded={expands ? false : undefined}
      onMouseDown={event => event.preventDefault()}
      onClick={onPress}
    >
      <Icon name={icon} />
      {expands ? <Icon name="chevronDown" size={14} /> : null}
    </button>
  )
}

/**
 * Safari shrinks only the visual viewport when its keyboard opens and ignores `interactive-widget`; there
 * the bar is lifted by hand. Where the layout itself shrinks, the lift is zero.
 */
function useKeptAboveKeyboard(bar: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const viewport = window.visualViewport
    if (viewport === null) return
    let frame = 0
    const lift = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => {
        const hidden = Math.max(0, window.innerHeight - viewport.height - viewport.offsetTop)
        if (bar.current !== null) bar.current.style.transform = hidden > 0 ? `translateY(-${hidden}px)` : ""
      })
    }
    viewport.addEventListener("resize", lift)
    viewport.addEventListener("scroll", lift)
    lift()
    return () => {
      cancelAnimationFrame(frame)
      viewport.removeEventListener("resize", lift)
      viewport.removeEventListener("scroll", lift)
    }
  }, [bar])
}
