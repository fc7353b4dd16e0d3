// The versions of a document: what its log remembers, gathered into stretches of work as people think of them, each with
// who wrote in it. A version is drawn from the moments up to it, when somebody looks at it.
import * as Y from "yjs"
import type { CertificateHash, DocId } from "../bytes/ids"
import { createDocument, readTitle } from "../content/document"
import { render } from "../content/render"
import type { Keeper } from "../log/keeper"
import { type Moment, readMoments } from "../replica/history"
import type { KeyOf } from "../replica/sealing"
import type { History, Past, Version } from "./past"

/** Whoever pauses for so long begins another stretch of work. */
const PAUSE_MS = 10 * 60_000
/** However long somebody writes without a pause, one can go back to a time in between. */
const STRETCH_MS = 60 * 60_000

/** The first moment of a version, and the one after its last. */
interface Stretch extends Version {
  readonly from: number
  readonly to: number
}

export interface HistoryParts {
  readonly keeper: Keeper
  readonly docId: DocId
  readonly keyOf: KeyOf
  readonly ownSeat: CertificateHash
  readonly names: () => Promise<ReadonlyMap<CertificateHash, string>>
  /** A Yjs snapshot (V1) of what was last seen; null: nothing was. */
  readonly seen: Uint8Array | null
}

/** Reads the history of a document as it is now. Rejects with StorageError. */
export async function openHistory({
  keeper,
  docId,
  keyOf,
  ownSeat,
  names,
  seen,
}: HistoryParts): Promise<History> {
  const [moments, named] = await Promise.all([readMoments(keeper, docId, keyOf), names()])
  const versions = stretchesOf(moments, seat => (seat === ownSeat ? "own" : { name: named.get(seat) ?? "" }))
  const draw = (to: number): Past => {
    const doc = createDocument()
    doc.transact(() => {
      for (const { payload } of moments.slice(0, to)) Y.applyUpdate(doc, payload)
    })
    const drawn = { title: readTitle(doc), content: render(doc) }
    doc.destroy()
    return drawn
  }
  return {
    versions,
    at: index => draw(versions[index]?.to ?? moments.length),
    before: index => draw(versions[index]?.from ?? 0),
    seen: seen && drawSeen(moments, Y.decodeSnapshot(seen)),
  }
}

// Whatever the moments hold beyond it: letters that came later, and letters that are gone now.
function drawSeen(moments: readonly Moment[], seen: Y.Snapshot): Past {
  const whole = createDocument()
  whole.gc = false
  whole.transact(() => {
    for (const { payload } of moments) Y.applyUpdate(whole, payload)
  })
  const doc = Y.createDocFromSnapshot(whole, seen, createDocument())
  return { title: readTitle(doc), content: render(doc) }
}

/** Gathers moments into stretches of work, the latest first. Pure. */
export function stretchesOf(
  moments: readonly Moment[],
  whose: (seat: CertificateHash) => Version["people"][number],
): readonly Stretch[] {
  const stretches: Stretch[] = []
  let from = 0
  let began = 0
  let last = 0
  const end = (to: number) => {
    if (to === from) return
    const seats = [...new Set(moments.slice(from, to).map(({ seat }) => seat))]
    stretches.push({ key: `${from}-${to}`, from, to, at: last, people: distinct(seats.map(whose)) })
    from = to
  }
  for (const [index, { at }] of moments.entries()) {
    // Clocks differ: a moment that claims to be earlier than what it was written upon is no pause.
    if (index > from && (at - last > PAUSE_MS || at - began > STRETCH_MS)) end(index)
    if (index === from) began = at
    last = index === from ? at : Math.max(last, at)
  }
  end(moments.length)
  return stretches.reverse()
}

function distinct(people: Version["people"]): Version["people"] {
  return [...new Map(people.map(each => [JSON.stringify(each), each])).values()]
}
