// The two questions that arranging the list asks: into which folder, and whether to remove for good.
import { useId, useState } from "preact/hooks"
import type { DocumentRow } from "../app/model"
import { isOnlyHere } from "./listing"
import { Modal } from "./Modal"
import { words } from "./words"

interface FolderSheetProps {
  readonly folders: readonly string[]
  /** The folder they are in now; empty: none, or not all the same. */
  readonly folder: string
  readonly onMove: (folder: string) => void
  readonly onClose: () => void
}

export function FolderSheet({ folders, folder, onMove, onClose }: FolderSheetProps) {
  const [name, setName] = useState(folder)
  const list = useId()
  return (
    <Modal heading={words.folder.heading} onClose={onClose}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          onMove(name)
        }}
      >
        <label class="field">
          <span>{words.folder.name}</span>
          <input
            class="input"
            list={list}
            maxLength={80}
            autocomplete="off"
            value={name}
            dir="auto"
            onInput={event => setName(event.currentTarget.value)}
          />
          <datalist id={list}>
            {folders.map(each => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </label>
        <p class="hint">{words.folder.why}</p>
        <div class="actions">
          <button type="submit" class="button primary">
            {words.folder.move}
          </button>
          {folder === "" ? null : (
            <button type="button" class="button" onClick={() => onMove("")}>
              {words.folder.none}
            </button>
          )}
        </div>
      </form>
    </Modal>
  )
}

interface RemoveSheetProps {
  readonly rows: readonly DocumentRow[]
  readonly onRemove: () => void
  readonly onClose: () => void
}

/** Says before it happens what cannot be undone. */
export function RemoveSheet({ rows, onRemove, onClose }: RemoveSheetProps) {
  const nowhere = rows.filter(isOnlyHere).length
  return (
    <Modal heading={words.removing.heading(rows.length)} onClose={onClose}>
      <div class="form">
        <p>{nowhere > 0 ? words.removing.nowhere(nowhere) : words.removing.elsewhere}</p>
        <div class="actions">
          <button type="button" class="button primary" onClick={onClose}>
            {words.removing.keep}
          </button>
          <button type="button" class="button" onClick={onRemove}>
            {words.removing.remove}
          </button>
        </div>
      </div>
    </Modal>
  )
}
