// Other tabs of the same browser share this document's log on the disk. They tell each other when it has grown, and
// each takes up what another wrote; so two tabs agree without any network. Documents are never shared, only logs.
import type { SessionId } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import type { TabHead, Tabs } from "../storage/tabs"

export interface SiblingOptions {
  readonly tabs: Tabs
  readonly keeper: Keeper
  /** Others were there while this tab began: what they wrote since its log was read may never have been told to it. */
  readonly missedSome: boolean
  /** Another tab waits for words of this one. */
  readonly onFlushAsked: () => void
  readonly onProblem: (error: unknown) => void
}

/** The source of certificates that another tab has told of. */
const SIBLING = "tab"

/** Keeps this tab and its siblings at the same log until stopped. */
export function keepTabs({ tabs, keeper, missedSome, onFlushAsked, onProblem }: SiblingOptions): Stop {
  const tell = (heads: readonly TabHead[]) => {
    if (heads.length > 0)
      tabs.post({ note: "appended", heads: heads.map(({ sessionId, seq }) => ({ sessionId, seq })) })
  }
  let refreshing = false
  let news = new Map<SessionId, TabHead>()
  const refresh = async () => {
    if (refreshing) return
    refreshing = true
    try {
      while (news.size > 0) {
        const heads = [...news.values()]
        news = new Map()
        await keeper.refresh(heads)
      }
    } catch (error) {
      onProblem(error)
    } finally {
      refreshing = false
    }
  }
  const hear = (heads: readonly TabHead[]) => {
    for (const head of heads) if (head.seq > keeper.log.reach(head.sessionId)) news.set(head.sessionId, head)
    if (news.size > 0) void refresh()
  }
  const stops = [
    tabs.onNote(note => {
      switch (note.note) {
        case "appended":
          return hear(note.heads)
        case "level":
          tabs.post({ note: "certified", certificates: keeper.certificates.all() })
          return tell(keeper.storedVector())
        case "certified":
          // In the same store already, or about to be: what is there is passed over.
          keeper.addCertificates(note.certificates, SIBLING).catch(onProblem)
          return
        case "blob":
          return keeper.blobs.refresh(note.blobId)
        case "flush":
          return onFlushAsked()
        default:
          return note satisfies never
      }
    }),
    keeper.onStored(tell),
    keeper.blobs.onKept(blobId => tabs.post({ note: "blob", blobId })),
    keeper.onAppend((envelopes, source) => {
      if (source === "own") tell(envelopes.map(({ header }) => header))
    }),
    keeper.onCertificates((certificates, source) => {
      if (source !== SIBLING && source !== "disk") tabs.post({ note: "certified", certificates })
    }),
  ]
  tabs.post({ note: "level" })
  // What was taken over from a tab that is gone, while this one opened, nobody has told yet.
  tell(keeper.storedVector())
  // Whoever wrote it may be gone by now, and answers no question.
  if (missedSome) keeper.refresh().catch(onProblem)
  return () => {
    for (const stop of stops) stop()
  }
}
