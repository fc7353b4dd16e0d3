// What the tabs of one browser profile tell each other about a document whose log they share: that envelopes were
// appended, and that somebody waits for words another tab has not sealed yet. Never a document, never a key.
import type { DocId, SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"

export type TabNote =
  /** After an append: the heads that this tab's log has now. */
  | { readonly note: "appended"; readonly heads: readonly TabHead[] }
  /** Seal what you have: another tab's words were written upon it. */
  | { readonly note: "flush" }

export interface TabHead {
  readonly sessionId: SessionId
  readonly seq: number
}

export interface Tabs {
  /** Tells all other tabs that have this document open. */
  post(note: TabNote): void
  onNote(f: (note: TabNote) => void): Stop
  close(): void
}

/** The tabs of this profile, by BroadcastChannel. */
export function browserTabs(docId: DocId): Tabs {
  const channel = new BroadcastChannel(`sheaf/document/${docId}`)
  return {
    post: note => channel.postMessage(note),
    onNote(f) {
      const listener = (event: MessageEvent<TabNote>) => f(event.data)
      channel.addEventListener("message", listener)
      return () => channel.removeEventListener("message", listener)
    },
    close: () => channel.close(),
  }
}

/** No other tabs: for tests, and for programs that have none. */
export const noTabs: Tabs = {
  post: () => undefined,
  onNote: () => () => undefined,
  close: () => undefined,
}
