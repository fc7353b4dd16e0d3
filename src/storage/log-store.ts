// A document's log in IndexedDB. One transaction per append, resolved when the browser says it is complete; loading
// reads keys and the opening envelopes, never other bodies. A session's record goes into the same transaction as the
// envelopes it speaks of, so that the two can never tell different stories.
import { encodeBase64url } from "../bytes/base64url"
import type { DocId, EnvelopeId, SessionId } from "../bytes/ids"
import type { Range } from "../log/log"
import { type Batch, type LogStore, StorageError, type StoredLog, type StoredSession } from "../log/store"
import type { Envelope } from "../records/envelope"
import { type Database, type Reading, type Writing, within } from "./database"
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
    database.write(["envelopes", "certificates", "sessions"], async transaction => {
      await addCertificates(transaction, docId, batch.certificates)
      for (const chain of chainsOf(batch.envelopes)) await addChain(transaction, docId, chain)
      if (change) putRecord(transaction, docId, change)
    })
  return {
    load: () => database.read(["envelopes", "certificates"], transaction => load(transaction, docId)),
    append: batch => append(batch, null),
    appendOwn: append,
    read: (range, bytesMax) =>
      database.read(["envelopes"], transaction => read(transaction, docId, range, bytesMax)),
    async close() {
      // The database is shared: whoever opened it closes it.
    },
  }
}

async function load(transaction: Reading, docId: DocId): Promise<StoredLog | null> {
  const certificates = await transaction.objectStore("certificates").index("docId").getAll(docId)
  if (certificates.length === 0) return null
  const envelopes = transaction.objectStore("envelopes")
  const ids = new Map<SessionId, EnvelopeId[]>()
  for (const [, sessionId, seq, id] of await envelopes.getAllKeys(within([docId]))) {
    const chain = ids.get(sessionId) ?? []
    ids.set(sessionId, chain)
    // Only what follows without a gap is a chain; the rest would be damage, and is asked for again.
    if (seq === chain.length) chain.push(id)
  }
  const sessions = await Promise.all(
    [...ids].map(async ([sessionId, chain]): Promise<StoredSession[]> => {
      const first = chain[0]
      const open = first ? await envelopes.get([docId, sessionId, 0, first]) : undefined
      return open ? [{ open, ids: chain }] : []
    }),
  )
  return { certificates: certificates.map(({ bytes }) => bytes), sessions: sessions.flat() }
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
  for (let first = from; first <= to; first += FETCHED_AT_ONCE) {
    const last = Math.min(to, first + FETCHED_AT_ONCE - 1)
    const bodies = await store.getAll(between(docId, sessionId, first, last))
    for (const bytes of bodies) {
      left -= bytes.length
      if (left < 0 && found.length > 0) return found
      found.push(bytes)
    }
    if (bodies.length <= last - first) return found
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
  for (const [, , seq, id] of await store.getAllKeys(between(docId, sessionId, Math.max(0, from - 1), to)))
    stored.set(seq, id)
  if (from > 0 && !stored.has(from - 1))
    throw new StorageError("conflict", `the envelope before seq ${from} is not stored`)
  for (const { id, header, bytes } of chain) {
    const standing = stored.get(header.seq)
    if (standing !== undefined && standing !== id)
      throw new StorageError("conflict", `another envelope is stored at seq ${header.seq}`)
    if (standing === undefined) await store.add(bytes, [docId, sessionId, header.seq, id])
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

function between(docId: DocId, sessionId: SessionId, from: number, to: number): IDBKeyRange {
  return IDBKeyRange.bound([docId, sessionId, from], [docId, sessionId, to, []])
}
