// What a run of one session's envelopes comes to (protocol §8): one update with exactly the same structs, adjacent ones
// joined, and the same delete ranges; and what the whole rests on beside itself. It is made from the envelopes and
// never from a document, which may have forgotten deleted text, and it has one spelling, so that two who held the run
// need only compare bytes. What is joined here was judged before: no bytes of a stranger reach Yjs's reader unread.
import * as encoding from "lib0/encoding"
import * as Y from "yjs"
import { equalBytes } from "../bytes/writer"
import type { Head, Plain } from "../records/plain"
import { type Deletes, deletesOf, union } from "./deletes"
import { writeDeletes } from "./words"

/** What a rollup says, as far as its run decides it. */
export type RolledUp = Pick<Plain, "payload" | "deps" | "lamport">

/** Joins a run in its order; rollups may stand in it for parts of it. Throws in words if clocks are missing. */
export function rollUp(run: readonly Plain[], client: number): RolledUp {
  const last = run.at(-1)
  if (!last) throw new Error("a run of nothing cannot be rolled up")
  const structs: (Y.Item | Y.GC)[] = []
  let deletes: Deletes = new Map()
  for (const { payload } of run) {
    if (payload.length === 0) continue
    const update = Y.decodeUpdate(payload)
    for (const struct of update.structs) {
      if (struct instanceof Y.Skip) throw new Error("a skip was let into an envelope")
      join(structs, struct)
    }
    deletes = union(deletes, deletesOf(update.ds))
  }
  return { payload: encode(structs, deletes, client), deps: depsOf(run), lamport: last.lamport + 1 }
}

/** Whether a rollup says exactly what its run comes to. */
export function isEqual(said: RolledUp, run: RolledUp): boolean {
  const ids = new Set(run.deps.map(({ id }) => id))
  return (
    said.lamport === run.lamport &&
    said.deps.length === ids.size &&
    said.deps.every(({ id }) => ids.has(id)) &&
    equalBytes(said.payload, run.payload)
  )
}

// The latest head of each other session that the run names.
function depsOf(run: readonly Plain[]): Head[] {
  const latest = new Map<Head["sessionId"], Head>()
  for (const dep of run.flatMap(({ deps }) => deps))
    if (dep.seq >= (latest.get(dep.sessionId)?.seq ?? 0)) latest.set(dep.sessionId, dep)
  return [...latest.values()]
}

// As Yjs joins what stands side by side in a document: same kind, each the other's neighbour, same right neighbour.
function join(structs: (Y.Item | Y.GC)[], struct: Y.Item | Y.GC): void {
  const last = structs.at(-1)
  if (last && last.id.clock + last.length !== struct.id.clock)
    throw new Error("a run that was judged has no gap")
  if (last instanceof Y.GC && struct instanceof Y.GC) last.length += struct.length
  else if (last instanceof Y.Item && struct instanceof Y.Item && follows(last, struct) && merge(last, struct))
    last.length += struct.length
  else structs.push(struct)
}

function follows(last: Y.Item, { origin, rightOrigin, id, content }: Y.Item): boolean {
  return (
    last.content.constructor === content.constructor &&
    origin !== null &&
    origin.client === id.client &&
    origin.clock === last.id.clock + last.length - 1 &&
    Y.compareIDs(last.rightOrigin, rightOrigin)
  )
}

function merge(last: Y.Item, { content }: Y.Item): boolean {
  // Of two contents of one class each takes the other; Yjs's types do not say so.
  return (last.content as { mergeWith(right: unknown): boolean }).mergeWith(content)
}

function encode(structs: readonly (Y.Item | Y.GC)[], deletes: Deletes, client: number): Uint8Array {
  const update = new Y.UpdateEncoderV1()
  const [first] = structs
  encoding.writeVarUint(update.restEncoder, first ? 1 : 0)
  if (first) {
    encoding.writeVarUint(update.restEncoder, structs.length)
    update.writeClient(client)
    encoding.writeVarUint(update.restEncoder, first.id.clock)
    for (const struct of structs) struct.write(update, 0)
  }
  writeDeletes(update, new Map([...deletes].sort(([a], [b]) => b - a)))
  return update.toUint8Array()
}
