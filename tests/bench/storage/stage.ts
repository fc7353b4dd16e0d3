// The page in which one way to keep a document is measured. What is written stays in this browser's storage; a page that
// is closed without a word stands for a crash.
import * as Y from "yjs"

export interface StorageStage {
  /** Types so many characters, each its own transaction, and waits until they are kept; nothing is closed. */
  type(count: number): Promise<void>
  /** Keeps a document with a long history. */
  keep(operations: number): Promise<void>
  /** Opens what was written: milliseconds until it is in a Y.Doc, and how long its text is. */
  open(): Promise<{ ms: number; length: number }>
  /** Milliseconds for the same document from its update alone, without any storage. */
  apply(operations: number): number
}

export interface Kept {
  settled(): Promise<void>
}

declare global {
  interface Window {
    storage: StorageStage
  }
}

/** @param open opens the one document of this page into `doc`; resolves when it is there */
export function takeStorageStage(open: (doc: Y.Doc) => Promise<Kept>): void {
  window.storage = {
    async type(count) {
      const doc = new Y.Doc()
      const kept = await open(doc)
      const text = doc.getText("body")
      for (let i = 0; i < count; i++) {
        text.insert(i, "x")
        // As long as somebody types, no storage has a quiet second; but it gets its turns.
        if (i % 50 === 49) await new Promise(resolve => setTimeout(resolve))
      }
      await kept.settled()
    },
    async keep(operations) {
      const doc = new Y.Doc()
      const kept = await open(doc)
      Y.applyUpdate(doc, historyOf(operations))
      await kept.settled()
    },
    async open() {
      const doc = new Y.Doc()
      const began = performance.now()
      await open(doc)
      const ms = performance.now() - began
      return { ms, length: doc.getText("body").length }
    },
    apply(operations) {
      const update = historyOf(operations)
      const doc = new Y.Doc()
      const began = performance.now()
      Y.applyUpdate(doc, update)
      return performance.now() - began
    },
  }
}

let history: { readonly operations: number; readonly update: Uint8Array } | null = null

/** A text that was written as people write: in runs, with words taken back, here and there. Always the same. */
function historyOf(operations: number): Uint8Array {
  if (history?.operations === operations) return history.update
  const doc = new Y.Doc()
  doc.clientID = 1
  const text = doc.getText("body")
  let seed = 20_260_102
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  doc.transact(() => {
    for (let done = 0; done < operations; ) {
      let at = next(text.length + 1)
      for (let run = 1 + next(40); run > 0 && done < operations; run--, done++) {
        if (at > 0 && next(10) < 3) text.delete(--at, 1)
        else text.insert(at++, String.fromCharCode(97 + next(26)))
      }
    }
  })
  history = { operations, update: Y.encodeStateAsUpdate(doc) }
  return history.update
}
