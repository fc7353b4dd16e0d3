// What a document holds when it is opened on this device: the readable copy and what it surely contains. A copy that
// is damaged, or that holds words which nobody can seal, is not repaired: the document is made anew from the log under
// a new name, and the old copy stays known until its words are sealed or set aside (protocol §§4, 5).
import * as Y from "yjs"
import type { DocId } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import type { Copies } from "../storage/copies"
import { openCopy, type ReadableCopy } from "../storage/copy"
import { decodeMarks } from "./applied"
import { Closure } from "./closure"
import { BODY, createDocument, TITLE } from "./document"
import { takenBack } from "./taken"
import { stateOf } from "./words"

export interface Contents {
  readonly doc: Y.Doc
  readonly copy: ReadableCopy
  readonly name: string
  readonly closure: Closure
  /** An earlier copy whose words are not safe yet. Detached: nothing that is written to it is kept. */
  readonly old: { readonly doc: Y.Doc; readonly name: string } | null
}

/** Opens the current copy; one that cannot be read gives way to a new one at once. Rejects with StorageError. */
export async function openContents(
  docId: DocId,
  keeper: Keeper,
  copies: Copies,
  clientId: number,
): Promise<Contents> {
  const { name, previous } = await copies.of(docId)
  const doc = createDocument(clientId)
  const copy = await openReadable(name, doc)
  const closure = copy && closureOf(doc, copy, keeper)
  if (!copy || !closure) {
    await copy?.close()
    await copies.renew(docId, name)
    return openContents(docId, keeper, copies, clientId)
  }
  const old = previous === null ? null : { doc: await readDetached(previous), name: previous }
  return { doc, copy, name, closure, old }
}

/** Leaves the current copy for a new one. Rejects with StorageError. */
export async function openAnew(
  docId: DocId,
  keeper: Keeper,
  copies: Copies,
  { name, doc }: Contents,
): Promise<Contents> {
  await copies.renew(docId, name)
  return openContents(docId, keeper, copies, doc.clientID)
}

/** Whether a document holds words that are not in the log and that none of `clients` will seal. */
export function hasOrphans(doc: Y.Doc, closure: Closure, clients: ReadonlySet<number>): boolean {
  return [...doc.store.clients.keys()].some(
    client => !clients.has(client) && stateOf(doc, client) > closure.endOfClient(client),
  )
}

/** The text that `old` shows and `doc` does not hold, in the order of the document; without words of `others`. */
export function textBeyond(old: Y.Doc, doc: Y.Doc, others: ReadonlySet<number>): string {
  return [TITLE, BODY]
    .map(root => textOf(old.getText(root), doc, others))
    .filter(text => text !== "")
    .join("\n")
}

// Null: it is damaged, or a row of it is missing.
async function openReadable(name: string, doc: Y.Doc): Promise<ReadableCopy | null> {
  try {
    const copy = await openCopy(name, doc)
    if (doc.store.pendingStructs === null && doc.store.pendingDs === null) return copy
    await copy.close()
    return null
  } catch (error) {
    if (error instanceof StorageError && error.reason === "damaged") return null
    throw error
  }
}

// As much of it as can be read.
async function readDetached(name: string): Promise<Y.Doc> {
  const doc = createDocument()
  try {
    await (await openCopy(name, doc)).close()
  } catch (error) {
    if (!(error instanceof StorageError && error.reason === "damaged")) throw error
  }
  return doc
}

// Marks that do not hold, or that tell of more than the copy has, are not believed: all is absorbed again, which
// changes nothing that is there already. Null: the copy holds what was taken back since.
function closureOf(doc: Y.Doc, copy: ReadableCopy, keeper: Keeper): Closure | null {
  const { log } = keeper
  const marked = decodeMarks(copy.marks, sessionId => {
    const session = log.session(sessionId)
    return session && { client: session.clientId, reach: log.held(sessionId) }
  })
  if (marked && takenBack(marked, log).length > 0) return null
  const sessions = marked ? [...marked.sessions()] : []
  const holds = sessions.every(({ client, steps }) => stateOf(doc, client) >= (steps.at(-1)?.end ?? 0))
  return marked && holds ? marked : new Closure()
}

function textOf(text: Y.Text, doc: Y.Doc, others: ReadonlySet<number>): string {
  let found = ""
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString) || others.has(item.id.client)) continue
    const known = stateOf(doc, item.id.client) - item.id.clock
    if (known < item.length) found += item.content.str.slice(Math.max(0, known))
  }
  return found
}
