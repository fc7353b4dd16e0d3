// Where a block ends. In the stored text a block's words reach up to the next marker, so that words which somebody adds
// to its end and a block which somebody else begins after it would be written at one place; and Yjs puts what is written
// at one place at once in an order of its own: half of the time the words would be found at the end of the new block.
// So every block ends with a *stop*, a unit that was deleted from the beginning: nobody sees it and nothing counts it,
// but words go in before it and markers behind it, and never is a place shared. (YATA: what has different origins is
// not in conflict.) Whatever else was deleted at the end of a block serves as one.
import * as Y from "yjs"
import { isMarker } from "../content/render"

/**
 * Has `write` put words at a unit of a text, before what was deleted there; left to itself Yjs puts them behind it.
 * The unit counts from `body._start`.
 */
export function beforeStop(body: Y.Text, unit: number, write: () => void): void {
  const stop = stopAfter(body._start, unit)
  if (stop === null) {
    write()
    return
  }
  stop.deleted = false // Yjs walks on over what is deleted, and over formats that are in force anyway
  try {
    write()
  } finally {
    stop.deleted = true
  }
}

/** Sees to it that the block of a marker that was just put in, and the one before it, end with a stop. */
export function stopEnds(body: Y.Text, marker: Y.Item): void {
  if (marker.left !== null) stopAt(body, marker.left)
  let last = marker
  while (last.right !== null && !isMarker(last.right)) last = last.right
  stopAt(body, last)
}

function stopAt(body: Y.Text, last: Y.Item): void {
  const { doc } = body
  const transaction = doc?._transaction ?? null
  if (doc === null || transaction === null)
    throw new Error("a text is written in a transaction of its document")
  if (last.deleted) return
  const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
  const { right } = last
  new Y.Item(id, last, last.lastId, right, right?.id ?? null, body, null, new Y.ContentDeleted(1)).integrate(
    transaction,
    0,
  )
}

/** The deleted item that stands after so many units, with nothing but formats in between; null: there is none. */
function stopAfter(start: Y.Item | null, units: number): Y.Item | null {
  let left = units
  for (let item = start; item !== null; item = item.right) {
    if (!item.countable && !(item.content instanceof Y.ContentDeleted)) continue
    if (left <= 0) return item.deleted ? item : null
    if (!item.deleted) left -= item.length
  }
  return null
}
