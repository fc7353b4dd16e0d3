// A document's log in IndexedDB. One transaction per append, resolved when the browser says it is complete; loading
// reads keys and the opening envelopes, never other bodies. A session's record goes into the same transaction as the
// envelopes it speaks of, so that the two can never tell different stories.
import { encodeBase64url } from "../bytes/base64url"
import type { DocId, EnvelopeId, SessionId } from "../bytes/ids"
import { type IndexedPlace, indexed } from "../log/chain"
import type { Range } from "../log/log"
import {
  announcedBy,
  type Batch,
  followsUpon,
  type LogStore,
  StorageError,
  type StoredLog,
  type StoredSession,
} from "../log/store"
import type { Announced } from "../records/blob"
import { type Envelope, KINDS } from "../records/envelope"
import { openBlobStore } from "./blob-store"
import { type Database, type EnvelopeKey, type Reading, type Writing, within } from "./database"
import { putRecord, type RecordChange } from "./sessions"

/** A LogStore that can also keep what a writing session must remember. */
export interface DocumentStore extends LogStore {
  /** `append`, and the change of a session's record in the same transaction. */
  appendOwn(batch: Batch, change: RecordChange): Promise<void>
}

/** Envelopes fetched at a time: enough to be quick, few enough that large ones do not fill the memory. */
const FETCHED_AT_ONCE = 32

/** The log of one document. Nothing is read until `load`. The database outlives it. */
export function openLogStore(database: Database, docId: DocId): DocumentStore {
  const append = (batch: Batch, change: RecordChange | null): Promise<void> =>
    database.write(["envelopes", "adoptions", "certificates", "announced", "sessions"], async transaction => {
      await addCertificates(transaction, docId, batch.certificates)
      for (const chain of chainsOf(batch.envelopes)) await addChain(transaction, docId, chain)
      for (const { blobId, bytes } of batch.envelopes.flatMap(announcedBy))
        await transaction.objectStore("announced").put(bytes, [docId, blobId])
      if (change) putRecord(transaction, docId, change)
    })
  return {
    load: () =>
      database.read(["envelopes", "adoptions", "certificates", "announced"], transaction =>
        load(transaction, docId),
      ),
    append: batch => append(batch, null),
    appendOwn: append,
    read: (range, bytesMax) =>
      database.read(["envelopes"], transaction => read(transaction, docId, range, bytesMax)),
    drop: runs =>
      database.write(["envelopes"], async transaction => {
        const store = transaction.objectStore("envelopes")
        for (const { sessionId, from, to } of runs) await store.delete(between(docId, sessionId, from, to))
      }),
    blobs: openBlobStore(database, docId),
    async close() {
      // The database is shared: whoever opened it closes it.
    },
  }
}

async function load(transaction: Reading, docId: DocId): Promise<StoredLog | null> {
  const certificates = await transaction.objectStore("certificates").index("docId").getAll(docId)
  if (certificates.length === 0) return null
  const envelopes = transaction.objectStore("envelopes")
  const chains = new Map<SessionId, IndexedPlace[]>()
  for (const [, sessionId, seq, id, from, ...vouches] of await envelopes.getAllKeys(within([docId]))) {
    const chain = chains.get(sessionId) ?? []
    chains.set(sessionId, chain)
    // Only what follows without a gap, or a rollup that stands for what is not there, is a chain; the rest would be
    // damage, and is asked for again.
    const next = (chain.at(-1)?.seq ?? -1) + 1
    if (seq === next || (from >= 0 && from <= next))
      chain.push({ seq, id, from: from < 0 ? null : from, vouches })
  }
  const sessions = await Promise.all(
    [...chains].map(async ([sessionId, places]): Promise<StoredSession[]> => {
      const open = places[0] && (await envelopes.get(keyOf(docId, sessionId, places[0])))
      return open ? [{ open, places }] : []
    }),
  )
  const announced: Announced[] = []
  for (
    let at = await transaction.objectStore("announced").openCursor(within([docId]));
    at;
    at = await at.continue()
  )
    announced.push({ blobId: at.key[1], bytes: at.value })
  const adoptions = await transaction.objectStore("adoptions").getAll(within([docId]))
  return {
    certificates: certificates.map(({ bytes }) => bytes),
    sessions: sessions.flat(),
    announced,
    adoptions,
  }
}

async function read(
  transaction: Reading,
  docId: DocId,
  { sessionId, from, to }: Range,
  bytesMax: number,
): Promise<Uint8Array[]> {
  const store = transaction.objectStore("envelopes")
  const found: Uint8Array[] = []
  let left = bytesMax
  for (let first = from; first <= to; ) {
    const range = between(docId, sessionId, first, to)
    const [keys, bodies] = await Promise.all([
      store.getAllKeys(range, FETCHED_AT_ONCE),
      store.getAll(range, FETCHED_AT_ONCE),
    ])
    for (const bytes of bodies) {
      left -= bytes.length
      if (left < 0 && found.length > 0) return found
      found.push(bytes)
    }
    const last = keys.at(-1)
    if (!last || keys.length < FETCHED_AT_ONCE) return found
    first = last[2] + 1
  }
  return found
}

async function addCertificates(
  transaction: Writing,
  docId: DocId,
  certificates: readonly Uint8Array[],
): Promise<void> {
  if (certificates.length === 0) return
  const store = transaction.objectStore("certificates")
  const stored = await store.index("docId").getAll(docId)
  const known = new Set(stored.map(({ bytes }) => encodeBase64url(bytes)))
  for (const bytes of certificates) {
    const text = encodeBase64url(bytes)
    if (!known.has(text)) await store.add({ docId, bytes })
    known.add(text)
  }
}

// Another tab of this profile writes to the same chains: what stands at these places is looked at first.
async function addChain(
  transaction: Writing,
  docId: DocId,
  chain: readonly [Envelope, ...Envelope[]],
): Promise<void> {
  const store = transaction.objectStore("envelopes")
  const { sessionId, seq: from } = chain[0].header
  const to = from + chain.length - 1
  const stored = new Map<number, EnvelopeId>()
  const first = Math.max(0, Math.min(from - 1, followsUpon(chain[0])))
  for (const [, , seq, id] of await store.getAllKeys(between(docId, sessionId, first, to)))
    stored.set(seq, id)
  if (from > 0 && !stored.has(from - 1) && !stored.has(followsUpon(chain[0])))
    throw new StorageError("conflict", `the envelope before seq ${from} is not stored`)
  for (const envelope of chain) {
    const standing = stored.get(envelope.header.seq)
    if (standing !== undefined && standing !== envelope.id)
      throw new StorageError("conflict", `another envelope is stored at seq ${envelope.header.seq}`)
    if (standing !== undefined) continue
    const key = keyOf(docId, sessionId, indexed(envelope))
    await store.add(envelope.bytes, key)
    // Once more, so that a start need not read every envelope to find them.
    if (envelope.header.kind === KINDS.adoption)
      await transaction.objectStore("adoptions").add(envelope.bytes, key)
  }
}

// The batch by session, each run in the order of its chain.
function chainsOf(envelopes: readonly Envelope[]): [Envelope, ...Envelope[]][] {
  const chains: [Envelope, ...Envelope[]][] = []
  const open = new Map<SessionId, [Envelope, ...Envelope[]]>()
  for (const envelope of envelopes) {
    const { sessionId, seq } = envelope.header
    const chain = open.get(sessionId)
    if (chain && chain[0].header.seq + chain.length === seq) {
      chain.push(envelope)
      continue
    }
    const started: [Envelope] = [envelope]
    open.set(sessionId, started)
    chains.push(started)
  }
  return chains
}

function keyOf(docId: DocId, sessionId: SessionId, place: IndexedPlace): EnvelopeKey {
  return [docId, sessionId, place.seq, place.id, place.from ?? -1, ...place.vouches]
}

function between(docId: DocId, sessionId: SessionId, from: number, to: number): IDBKeyRange {
  return IDBKeyRange.bound([docId, sessionId, from], [docId, sessionId, to, []])
}
