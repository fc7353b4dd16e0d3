// One client's words as an update of its own: the structs from a clock on and the delete ranges that go with them,
// in Yjs's layout V1 (see update.ts). Sealing while people type and finishing after a crash both take words from here.
// Never `mergeUpdates`, never the document's whole delete set.
import * as encoding from "lib0/encoding"
import * as Y from "yjs"
import type { Deletes } from "./deletes"

/** What one envelope takes at most; the limits of protocol §11 with room for what is not counted here. */
const BYTES_MAX = 3 * 1024 * 1024
const STRUCTS_TAKEN_MAX = 150_000
export const RANGES_TAKEN_MAX = 80_000
/** A text longer than this is cut (never inside a surrogate pair); three bytes a unit stay below BYTES_MAX. */
const PIECE_UNITS_MAX = 512 * 1024

export interface Words {
  /** An update V1 of this client alone. A fresh array. */
  readonly payload: Uint8Array
  /** The clock after the structs in it. */
  readonly end: number
}

/** The clock after all that a document holds of a client. */
export function stateOf(doc: Y.Doc, client: number): number {
  return Y.getState(doc.store, client)
}

/**
 * Takes a client's words from clock `from`, as many as fit one envelope and lie before `until`, with what `deletes`
 * gives for the clock they end at. Null: there is nothing to say.
 */
export function takeWords(
  doc: Y.Doc,
  client: number,
  from: number,
  until: number,
  deletesAt: (end: number) => Deletes,
): Words | null {
  const structs = new Y.UpdateEncoderV1()
  const { count, end } = writeStructs(structs, doc, client, from, until)
  const deletes = deletesAt(end)
  if (count === 0 && deletes.size === 0) return null
  const update = new Y.UpdateEncoderV1()
  encoding.writeVarUint(update.restEncoder, count === 0 ? 0 : 1)
  if (count > 0) {
    encoding.writeVarUint(update.restEncoder, count)
    update.writeClient(client)
    encoding.writeVarUint(update.restEncoder, from)
    encoding.writeBinaryEncoder(update.restEncoder, structs.restEncoder)
  }
  writeDeletes(update, deletes)
  return { payload: update.toUint8Array(), end }
}

function writeStructs(
  encoder: Y.UpdateEncoderV1,
  doc: Y.Doc,
  client: number,
  from: number,
  until: number,
): { count: number; end: number } {
  const structs = doc.store.clients.get(client) ?? []
  let count = 0
  let end = from
  if (from >= stateOf(doc, client)) return { count, end }
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
    const struct = structs[index]
    if (!struct || end >= until) break
    while (end < struct.id.clock + struct.length) {
      if (count >= STRUCTS_TAKEN_MAX || encoding.length(encoder.restEncoder) > BYTES_MAX)
        return { count, end }
      end += writePiece(encoder, struct, end - struct.id.clock)
      count++
    }
  }
  return { count, end }
}

// Writes a struct from `offset` on, or as much of its text as one piece may hold; the clocks written.
function writePiece(encoder: Y.UpdateEncoderV1, struct: Y.Item | Y.GC, offset: number): number {
  const length = struct.length - offset
  if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentString) || length <= PIECE_UNITS_MAX) {
    struct.write(encoder, offset)
    return length
  }
  const { content, id, origin, rightOrigin, parent, parentSub } = struct
  const cut = offset + PIECE_UNITS_MAX
  const to = /[\uD800-\uDBFF]/.test(content.str.charAt(cut - 1)) ? cut - 1 : cut
  const start = Y.createID(id.client, id.clock + offset)
  const left = offset > 0 ? Y.createID(id.client, start.clock - 1) : origin
  const text = new Y.ContentString(content.str.slice(offset, to))
  new Y.Item(start, null, left, null, rightOrigin, parent, parentSub, text).write(encoder, 0)
  return to - offset
}

/** The delete set of an update, in the order of the map. */
export function writeDeletes(encoder: Y.UpdateEncoderV1, deletes: Deletes): void {
  encoding.writeVarUint(encoder.restEncoder, deletes.size)
  for (const [client, ranges] of deletes) {
    encoder.resetDsCurVal()
    encoding.writeVarUint(encoder.restEncoder, client)
    encoding.writeVarUint(encoder.restEncoder, ranges.length)
    for (const { clock, length } of ranges) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(length)
    }
  }
}
