// Storage that a browser has cleared is noticed, and named until somebody has read it; what a person removes is not.
import { signal } from "@preact/signals-core"
import { expect, test } from "vitest"
import { acknowledge, guard, type Note } from "../../../src/app/guardian"
import type { DocumentRow } from "../../../src/app/model"

const row = (title: string) => ({ id: title, title }) as DocumentRow

function noteWith(text: string | null = null): Note & { text: string | null } {
  return {
    text,
    read() {
      return this.text
    },
    write(next) {
      this.text = next
    },
  }
}

test("what was here is named when the databases come back empty, until somebody has read it", () => {
  const note = noteWith()
  const rows = signal<readonly DocumentRow[]>([])
  expect(guard(rows, note)).toBeNull()
  rows.value = [row("Minutes"), row("")]
  const cleared = { kind: "storage-cleared", titles: ["Minutes", ""] }
  const emptied = signal<readonly DocumentRow[]>([])
  expect(guard(emptied, note)).toEqual(cleared)
  emptied.value = [row("New")]
  expect(guard(signal([row("New")]), note)).toEqual(cleared)
  acknowledge(note)
  expect(guard(signal([row("New")]), note)).toBeNull()
})

test("what a person removes by hand is no loss, and neither is a note that cannot be read", () => {
  const note = noteWith()
  const rows = signal<readonly DocumentRow[]>([row("Minutes")])
  guard(rows, note)
  rows.value = []
  expect(note.text).toBeNull()
  expect(guard(signal<readonly DocumentRow[]>([]), note)).toBeNull()
  for (const text of ["", "{", "[]", "null", '{"here":7,"gone":[1]}'])
    expect(guard(signal<readonly DocumentRow[]>([]), noteWith(text)), text).toBeNull()
})
