// Where files come in and go out on a screen: a chooser that a menu opens, a place to drop them on, and the sheets that
// follow. The sheets are a part of their own, loaded when one is asked for.
import type { ComponentChildren } from "preact"
import { useRef, useState } from "preact/hooks"
import { localFile } from "../app/local-file"
import type { App } from "../app/model"
import { Icon } from "./Icon"
import { useLoaded } from "./lazy"
import { MenuItem } from "./Popover"
import { words } from "./words"

export interface FileDesk {
  /** Has the person choose a file. */
  readonly choose: () => void
  readonly take: () => void
  /** What a screen listens for, so that files can be dropped on it. */
  readonly zone: {
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: (event: DragEvent) => void
    readonly onDrop: (event: DragEvent) => void
  }
  /** To be put somewhere on the screen. */
  readonly parts: ComponentChildren
}

const loadSheets = () => import("./FileSheets")

export function useFileDesk(app: App): FileDesk {
  const chooser = useRef<HTMLInputElement>(null)
  const [taking, setTaking] = useState(false)
  const [isOver, setOver] = useState(false)
  const arrived = app.arrived.value
  const sheets = useLoaded(taking || arrived !== null, loadSheets)
  const receive = (files: FileList | null | undefined) => {
    const [file] = files ?? []
    if (file) void app.receive(localFile(file))
  }
  return {
    choose: () => chooser.current?.click(),
    take: () => setTaking(true),
    zone: {
      onDragOver(event) {
        if (!event.dataTransfer?.types.includes("Files")) return
        event.preventDefault()
        setOver(true)
      },
      onDragLeave(event) {
        if (event.currentTarget === event.target) setOver(false)
      },
      onDrop(event) {
        if (!event.dataTransfer?.types.includes("Files")) return
        event.preventDefault()
        setOver(false)
        receive(event.dataTransfer.files)
      },
    },
    parts: (
      <>
        <input
          ref={chooser}
          type="file"
          accept=".sheaf,.md,.markdown,.html,.htm,.txt"
          hidden
          onChange={event => {
            receive(event.currentTarget.files)
            event.currentTarget.value = "" // so that the same file can be chosen again
          }}
        />
        {isOver ? (
          <div class="drop-here" aria-hidden="true">
            {words.files.open.drop}
          </div>
        ) : null}
        {sheets !== null && arrived !== null ? (
          <sheets.OpenSheet
            key={arrived}
            app={app}
            file={arrived}
            onClose={() => {
              app.arrived.value = null
            }}
          />
        ) : null}
        {sheets !== null && taking ? <sheets.TakeSheet app={app} onClose={() => setTaking(false)} /> : null}
      </>
    ),
  }
}

interface FileItemsProps {
  readonly app: App
  readonly desk: FileDesk
  readonly onChosen: () => void
}

/** The items of a menu that lead here. */
export function FileItems({ app, desk, onChosen }: FileItemsProps) {
  const then = (run: () => void) => () => {
    onChosen()
    run()
  }
  return (
    <>
      <MenuItem onChoose={then(desk.choose)}>
        <Icon name="file" />
        <span class="menu-words">{words.files.open.menu}</span>
      </MenuItem>
      {app.files.amount.value === 0 ? null : (
        <MenuItem onChoose={then(desk.take)}>
          <Icon name="download" />
          <span class="menu-words">{words.files.take.menu}</span>
        </MenuItem>
      )}
    </>
  )
}
