// How the tabs of one browser profile speak to each other: by channels that only they hear. This file knows what they
// say about a document whose log they share: that it has grown, and that somebody waits for words another tab has not
// sealed yet. Never a document, never a key.
import type { BlobId, DocId, SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"

/** Carries notes between tabs. What is posted reaches all others, never oneself; nothing waits for who is not there. */
export interface Channel<Note> {
  post(note: Note): void
  onNote(f: (note: Note) => void): Stop
  close(): void
}

export type TabNote =
  /** After an append, or when asked: heads that this tab knows to be on the disk. */
  | { readonly note: "appended"; readonly heads: readonly TabHead[] }
  /** By a tab that begins to listen: how far is everybody? It may have missed a note since it read the disk. */
  | { readonly note: "level" }
  /** Certificates that are new to this tab: their bytes. */
  | { readonly note: "certified"; readonly certificates: readonly Uint8Array[] }
  /** More of a blob is on the disk than this tab was told. */
  | { readonly note: "blob"; readonly blobId: BlobId }
  /** Seal what you have: another tab's words were written upon it. */
  | { readonly note: "flush" }

export interface TabHead {
  readonly sessionId: SessionId
  readonly seq: number
}

/** All tabs that have one document open. */
export type Tabs = Channel<TabNote>

/** Whether this browser lets tabs speak to each other and take turns. */
export function canShare(): boolean {
  return "BroadcastChannel" in globalThis && "locks" in navigator
}

/** A BroadcastChannel of this profile. Notes are copied as they are posted: plain values and bytes only. */
export function openChannel<Note>(name: string): Channel<Note> {
  const channel = new BroadcastChannel(name)
  let open = true
  return {
    post(note) {
      if (open) channel.postMessage(note)
    },
    onNote(f) {
      const listener = (event: MessageEvent<Note>) => f(event.data)
      channel.addEventListener("message", listener)
      return () => channel.removeEventListener("message", listener)
    },
    close() {
      open = false
      channel.close()
    },
  }
}

/** The tabs of this profile, by BroadcastChannel; alone where there is none. */
export function browserTabs(docId: DocId): Tabs {
  return canShare() ? openChannel(`sheaf/document/${docId}`) : noTabs
}

/** No other tabs: for tests, and for programs that have none. */
export const noTabs: Tabs = {
  post: () => undefined,
  onNote: () => () => undefined,
  close: () => undefined,
}
