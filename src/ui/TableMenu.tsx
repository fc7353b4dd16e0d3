// The menus of tables: in the toolbar, making one or changing the one of the caret; and at the cell of the caret, a
// handle with the same menu, so that a hand on the mouse need not go to the toolbar and back.
import { useLayoutEffect, useRef } from "preact/hooks"
import { type Command, TABLE, table } from "./commands"
import type { Editor, ToolbarState } from "./editing"
import { keepBeside } from "./floating"
import { Icon } from "./Icon"
import { MenuItem, Popover } from "./Popover"
import { words } from "./words"

interface TableMenuProps {
  readonly state: ToolbarState
  readonly onCommand: (command: Command["run"]) => void
}

const SIZES: readonly (readonly [rows: number, columns: number])[] = [
  [2, 2],
  [3, 3],
  [4, 4],
  [6, 3],
]

/** In the toolbar: sizes of a new table, or what can be done to the one where the caret is. */
export function TableMenu({ state, onCommand }: TableMenuProps) {
  return (
    <Popover
      label={table.label}
      buttonClass={state.table === null ? "tool" : "tool is-on"}
      button={<Icon name="table" />}
      menu
      keepsFocus
      placement="bottom-start"
    >
      {close =>
        state.table === null ? (
          <>
            {SIZES.map(([rows, columns]) => (
              <MenuItem
                key={`${rows}/${columns}`}
                onChoose={() => {
                  close()
                  onCommand(["table", { rows, columns }])
                }}
              >
                <Icon name="table" />
                <span class="menu-words">{words.table.size(columns, rows)}</span>
              </MenuItem>
            ))}
            <MenuItem
              onChoose={() => {
                close()
                onCommand(["tableSize"])
              }}
            >
              <Icon name="more" />
              <span class="menu-words">{words.table.otherSize}</span>
            </MenuItem>
          </>
        ) : (
          <TableItems state={state} onCommand={onCommand} close={close} />
        )
      }
    </Popover>
  )
}

function TableItems({ state, onCommand, close }: TableMenuProps & { readonly close: () => void }) {
  return (
    <>
      {TABLE.map((group, index) => (
        <div key={group[0]?.id} class={index === 0 ? "menu-part" : "menu-part parted"}>
          {group.map(command => (
            <MenuItem
              key={command.id}
              {...(command.isOn === undefined ? {} : { ticked: command.isOn(state) })}
              onChoose={() => {
                close()
                onCommand(command.run)
              }}
            >
              <Icon name={command.icon} />
              <span class="menu-words">{command.label}</span>
            </MenuItem>
          ))}
        </div>
      ))}
    </>
  )
}

/** The handle at the corner of the cell where the caret is. */
export function CellHandle({ editor, state, onCommand }: TableMenuProps & { readonly editor: Editor }) {
  const handle = useRef<HTMLDivElement>(null)
  const { view } = editor
  useLayoutEffect(() => {
    const element = handle.current
    const { node } = view.domAtPos(view.state.selection.head)
    const cell = (node instanceof Element ? node : node.parentElement)?.closest("td, th")
    if (element === null) return
    element.hidden = cell == null
    if (cell == null) return
    return keepBeside(
      cell,
      element,
      ({ offset }) => ({
        placement: "top-end",
        strategy: "fixed",
        middleware: [offset({ mainAxis: -13, crossAxis: -4 })],
      }),
      ({ x, y }) => {
        element.style.left = `${x}px`
        element.style.top = `${y}px`
      },
    )
  })
  return (
    <div ref={handle} class="cell-handle">
      <Popover
        label={words.table.cell}
        buttonClass="handle"
        button={<Icon name="more" size={16} />}
        menu
        keepsFocus
        tabIndex={-1}
        placement="bottom-end"
      >
        {close => <TableItems state={state} onCommand={onCommand} close={close} />}
      </Popover>
    </div>
  )
}
