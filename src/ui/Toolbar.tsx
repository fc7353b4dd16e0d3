// The desk's toolbar: one row, one Tab stop, arrows between the buttons (the ARIA toolbar pattern). What
// does not fit moves into More group by group. Pressing a button never takes the caret out of the text.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import {
  type Command,
  codeBlock,
  GROUPS,
  groupsThatFit,
  keysOf,
  picture,
  redo,
  STYLES,
  SYNTAXES,
  shortcut,
  styleAt,
  syntax,
  table,
  toolbarStep,
  undo,
} from "./commands"
import type { ToolbarState } from "./editing"
import { Icon } from "./Icon"
import { Keys } from "./Keys"
import { isApple } from "./keys"
import { MenuItem, Popover } from "./Popover"
import { TableMenu } from "./TableMenu"
import { words } from "./words"

interface ToolbarProps {
  readonly state: ToolbarState
  readonly onCommand: (command: Command["run"]) => void
  /** Gives the focus back to the text. */
  readonly onLeave: () => void
}

export function Toolbar({ state, onCommand, onLeave }: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null)
  const fitting = useFitting(bar)
  useRovingTabStop(bar)

  const onKeyDown = (event: KeyboardEvent) => {
    // Menus are inside the toolbar's element, but have keys of their own.
    if (event.target instanceof Element && event.target.closest(".menu") !== null) return
    if (event.key === "Escape") {
      event.preventDefault()
      onLeave()
      return
    }
    if (!(event.target instanceof HTMLElement)) return
    const all = buttons(bar.current)
    const at = all.indexOf(event.target)
    const rightToLeft = bar.current !== null && getComputedStyle(bar.current).direction === "rtl"
    const next = toolbarStep(event.key, at, all.length, rightToLeft)
    if (next === null) return
    event.preventDefault()
    all[next]?.focus()
  }

  const overflow = GROUPS.slice(fitting).flat()
  return (
    <div ref={bar} class="toolbar" role="toolbar" aria-label={words.editor.toolbar} onKeyDown={onKeyDown}>
      <div class="tool-group fixed">
        <CommandButton command={undo} state={state} onCommand={onCommand} />
        <CommandButton command={redo} state={state} onCommand={onCommand} />
      </div>
      <div class="tool-group fixed">
        <StyleMenu state={state} onCommand={onCommand} />
      </div>
      {GROUPS.map((group, index) => (
        <div key={group[0]?.id} class="tool-group" hidden={index >= fitting}>
          {group.map(command =>
            command === table ? (
              <TableMenu key={command.id} state={state} onCommand={onCommand} />
            ) : (
              <CommandButton key={command.id} command={command} state={state} onCommand={onCommand} />
            ),
          )}
        </div>
      ))}
      {overflow.length === 0 ? null : (
        <div class="tool-group fixed">
          <Popover
            label={words.more}
            buttonClass="tool"
            button={<Icon name="more" />}
            menu
            keepsFocus
            placement="bottom-end"
          >
            {close =>
              overflow.map(command => (
                <MenuItem
                  key={command.id}
                  onChoose={() => {
                    close()
                    onCommand(command.run)
                  }}
                >
                  <Icon name={command.icon} />
                  <span class="menu-words">{command.label}</span>
                  <Keys of={command.id} />
                </MenuItem>
              ))
            }
          </Popover>
        </div>
      )}
    </div>
  )
}

interface CommandButtonProps {
  readonly command: Command
  readonly state: ToolbarState
  readonly onCommand: (command: Command["run"]) => void
  readonly tabIndex?: number
}

/** One command as a button: `aria-pressed` for toggles; what cannot be done now stays reachable, but dim. */
export function CommandButton({ command, state, onCommand, tabIndex }: CommandButtonProps) {
  const off = command.isOff?.(state) === true
  const keys = keysOf(command.id)
  return (
    <button
      type="button"
      class="tool"
      tabIndex={tabIndex}
      aria-label={command.label}
      title={keys === undefined ? command.label : `${command.label} (${shortcut(keys, isApple())})`}
      aria-pressed={command.isOn?.(state)}
      aria-disabled={off ? true : undefined}
      onMouseDown={event => event.preventDefault()}
      onClick={() => {
        if (!off) onCommand(command.run)
      }}
    >
      <Icon name={command.icon} />
    </button>
  )
}

export function StyleMenu({ state, onCommand }: Omit<CommandButtonProps, "command" | "tabIndex">) {
  const current = styleAt(state)
  const other = state.block === "image" ? picture : state.table === null ? codeBlock : table
  const label = current?.label ?? other.label
  return (
    <Popover
      label={`${words.editor.style}: ${label}`}
      buttonClass="tool style-tool"
      button={
        <>
          <span class="style-words">{label}</span>
          <Icon name="chevronDown" size={16} />
        </>
      }
      menu
      keepsFocus
      placement="bottom-start"
    >
      {close => (
        <>
          {STYLES.map(style => (
            <MenuItem
              key={style.label}
              checked={style === current}
              onChoose={() => {
                close()
                onCommand(style.run)
              }}
            >
              <span class={`menu-words style-${style.level ?? 0}`}>{style.label}</span>
              <Keys of={style.id} />
            </MenuItem>
          ))}
          {state.block === "code_block" ? (
            <SyntaxItems state={state} onCommand={onCommand} close={close} />
          ) : null}
        </>
      )}
    </Popover>
  )
}

/** In a code block: what language it is in. */
function SyntaxItems(
  props: Omit<CommandButtonProps, "command" | "tabIndex"> & { readonly close: () => void },
) {
  return (
    <fieldset class="menu-part parted">
      <legend class="menu-heading">{words.commands.language}</legend>
      {[syntax(null), ...SYNTAXES.map(syntax)].map(command => (
        <MenuItem
          key={command.id}
          checked={command.isOn?.(props.state) === true}
          onChoose={() => {
            props.close()
            props.onCommand(command.run)
          }}
        >
          <span class="menu-words">{command.label}</span>
        </MenuItem>
      ))}
    </fieldset>
  )
}

const buttons = (bar: HTMLElement | null): HTMLElement[] =>
  bar === null
    ? []
    : [...bar.querySelectorAll<HTMLElement>(".tool")].filter(tool => tool.offsetParent !== null)

/** The More button with the margins of its group, px. */
const MORE_WIDTH = 56

/** How many groups the bar has room for, measured again whenever its width changes. */
function useFitting(bar: { readonly current: HTMLElement | null }): number {
  const [fitting, setFitting] = useState(GROUPS.length)
  const widths = useRef<number[]>([])
  useLayoutEffect(() => {
    const element = bar.current
    if (element === null) return
    const measure = () => {
      const groups = [...element.querySelectorAll<HTMLElement>(".tool-group:not(.fixed)")]
      // A hidden group measures nothing: its width is remembered from when it was last seen.
      groups.forEach((group, index) => {
        if (group.offsetWidth > 0) widths.current[index] = group.offsetWidth
      })
      const fixed = [...element.querySelectorAll<HTMLElement>(".tool-group.fixed")].slice(0, 2)
      const taken = fixed.reduce((sum, group) => sum + group.offsetWidth, 0)
      const style = getComputedStyle(element)
      const padding = Number.parseFloat(style.paddingInlineStart) + Number.parseFloat(style.paddingInlineEnd)
      setFitting(groupsThatFit(widths.current, element.clientWidth - padding - taken, MORE_WIDTH))
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [bar])
  return fitting
}

/** Keeps exactly one button of the bar in the Tab order: the one that had the focus last. */
function useRovingTabStop(bar: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const element = bar.current
    if (element === null) return
    const settle = (stop: Element | undefined) => {
      const all = buttons(element)
      const chosen =
        all.find(button => button === stop) ?? all.find(button => button.tabIndex === 0) ?? all[0]
      for (const button of all) button.tabIndex = button === chosen ? 0 : -1
    }
    const onFocus = (event: FocusEvent) => {
      if (event.target instanceof Element) settle(event.target)
    }
    settle(undefined)
    element.addEventListener("focusin", onFocus)
    return () => element.removeEventListener("focusin", onFocus)
  })
}
