// Other tabs of the same browser share this document's log on the disk. They tell each other when it has grown, and
// each takes up what another wrote; so two tabs agree without any network. Documents are never shared, only logs.
import type { Stop } from "../bytes/world"
import type { Keeper } from "../log/keeper"
import type { TabHead, Tabs } from "../storage/tabs"

export interface SiblingOptions {
  readonly tabs: Tabs
  readonly keeper: Keeper
  /** Another tab waits for words of this one. */
  readonly onFlushAsked: () => void
  readonly onProblem: (error: unknown) => void
}

/** Keeps this tab and its siblings at the same log until stopped. */
export function keepTabs({ tabs, keeper, onFlushAsked, onProblem }: SiblingOptions): Stop {
  const tell = (heads: readonly TabHead[]) => {
    if (heads.length > 0)
      tabs.post({ note: "appended", heads: heads.map(({ sessionId, seq }) => ({ sessionId, seq })) })
  }
  let refreshing = false
  let again = false
  const refresh = async () => {
    again = true
    if (refreshing) return
    refreshing = true
    try {
      while (again) {
        again = false
        await keeper.refresh()
      }
    } catch (error) {
      onProblem(error)
    } finally {
      refreshing = false
    }
  }
  const stops = [
    tabs.onNote(note => {
      switch (note.note) {
        case "appended":
          if (note.heads.some(({ sessionId, seq }) => seq > keeper.log.reach(sessionId))) void refresh()
          return
        case "flush":
          return onFlushAsked()
        default:
          return note satisfies never
      }
    }),
    keeper.onStored(tell),
    keeper.onAppend((envelopes, source) => {
      if (source === "own") tell(envelopes.map(({ header }) => header))
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
