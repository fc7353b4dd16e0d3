// How large a new table is to be, when none of the menu's sizes fits.
import { useState } from "preact/hooks"
import { Modal } from "./Modal"
import { words } from "./words"

interface TableSheetProps {
  readonly onInsert: (rows: number, columns: number) => void
  readonly onClose: () => void
}

const SIDE_MAX = 50

export function TableSheet({ onInsert, onClose }: TableSheetProps) {
  const [rows, setRows] = useState(5)
  const [columns, setColumns] = useState(4)
  const field = (label: string, value: number, set: (value: number) => void) => (
    <label class="field">
      <span>{label}</span>
      <input
        class="input"
        type="number"
        inputmode="numeric"
        min={1}
        max={SIDE_MAX}
        required
        value={value}
        onInput={event => set(event.currentTarget.valueAsNumber)}
      />
    </label>
  )
  return (
    <Modal heading={words.table.heading} onClose={onClose}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          onInsert(rows, columns)
        }}
      >
        {field(words.table.columns, columns, setColumns)}
        {field(words.table.rows, rows, setRows)}
        <div class="actions">
          <button type="submit" class="button primary">
            {words.table.insert}
          </button>
        </div>
      </form>
    </Modal>
  )
}
