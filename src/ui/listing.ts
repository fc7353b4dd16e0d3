// Which rows of the list of documents are shown, and in which order. Pure: the screen asks, the person chooses.
import type { DocumentRow } from "../app/model"
import { titleOr } from "./words"

/** What a person looks at: all, a part of them, a folder, the trash. */
export type View =
  | { readonly of: "all" }
  | { readonly of: "pinned" }
  | { readonly of: "shared" }
  | { readonly of: "only-here" }
  | { readonly of: "trash" }
  | { readonly of: "folder"; readonly folder: string }

export type Order = "edited" | "title"

export const ALL: View = { of: "all" }

export function sameView(a: View, b: View): boolean {
  return a.of === b.of && (a.of !== "folder" || b.of !== "folder" || a.folder === b.folder)
}

/** A row without a title and a word has nothing to lose: it is new, or it has not arrived. */
export const isBlank = (row: DocumentRow): boolean => row.title.trim() === "" && row.snippet.trim() === ""

/** Whether its words would be gone with this device. */
export const isOnlyHere = (row: DocumentRow): boolean => row.places <= 1 && !isBlank(row)

/** Whether as many other places have everything as its person wants. */
export const isEnough = (row: DocumentRow): boolean => row.places > row.target

/** The rows of a view, those that are pinned first. The trash is ordered by when something was put there. */
export function listed(rows: readonly DocumentRow[], view: View, order: Order): readonly DocumentRow[] {
  const shown = rows.filter(row => isIn(row, view))
  if (view.of === "trash") return shown.sort((a, b) => (b.trashedAt ?? 0) - (a.trashedAt ?? 0))
  const byTitle = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" })
  return shown.sort(
    (a, b) =>
      Number(b.pinned) - Number(a.pinned) ||
      (order === "title"
        ? byTitle.compare(titleOr(a.title), titleOr(b.title)) || b.editedAt - a.editedAt
        : b.editedAt - a.editedAt),
  )
}

/** The folders that anything lies in, by name. */
export function foldersOf(rows: readonly DocumentRow[]): readonly string[] {
  const names = new Set(
    rows.filter(row => row.trashedAt === null && row.folder !== "").map(row => row.folder),
  )
  return [...names].sort(new Intl.Collator(undefined, { numeric: true }).compare)
}

function isIn(row: DocumentRow, view: View): boolean {
  if (view.of === "trash") return row.trashedAt !== null
  if (row.trashedAt !== null) return false
  switch (view.of) {
    case "all":
      return true
    case "pinned":
      return row.pinned
    case "shared":
      return row.shared
    case "only-here":
      return isOnlyHere(row)
    case "folder":
      return row.folder === view.folder
    default:
      return view satisfies never
  }
}
