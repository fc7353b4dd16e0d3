// Which tab of a browser profile owns the network. The tabs stand in line for one lock, and the browser hands it on when
// its holder is closed or crashes. A holder that is frozen keeps it and does nothing: so a tab that is looked at asks
// now and then whether the leader is awake, and takes the lock away from one that is not. Two leaders for a moment do no
// harm: both carry the same envelopes.
import type { Stop, World } from "../bytes/world"
import type { LockLine } from "../storage/locks"

export const NETWORK_LOCK = "sheaf-network"

/** What tabs say about who leads. */
export type LeaderNote =
  | { readonly note: "who-leads" }
  /**
   * Said when it begins, and to whoever asks. `reign` counts how often this tab has begun; `hiddenMs`: for how long
   * nobody has looked at it; 0: somebody does.
   */
  | { readonly note: "leads"; readonly tab: string; readonly reign: number; readonly hiddenMs: number }

/** This tab's page, as far as it matters here. */
export interface Page {
  isVisible(): boolean
  /** Shown, hidden, about to be frozen, or thawed. */
  onChange(f: (now: "visible" | "hidden" | "frozen" | "thawed") => void): Stop
}

export interface ElectionOptions {
  /** This tab's own name. */
  readonly tab: string
  readonly locks: LockLine
  readonly world: World
  readonly page: Page
  readonly post: (note: LeaderNote) => void
  /** This tab owns the network from now on. */
  readonly onLead: () => void
  /** It does no more: another tab does, or will soon. */
  readonly onDeposed: () => void
}

export interface Election {
  /** A note of another tab. */
  hear(note: LeaderNote): void
  /** Leaves the line, or hands on. */
  stop(): void
}

const ASK_EVERY_MS = 1_000
/** A leader that leaves so many questions unanswered is replaced: within six seconds others hear again what is typed. */
const UNANSWERED_MAX = 4
/** Browsers slow down the timers of a page that nobody has looked at for a while: one that is seen leads better. */
const HIDDEN_MS = 60_000

/** Stands for election until stopped. */
export function standForElection(options: ElectionOptions): Election {
  const { tab, locks, world, page, post, onLead, onDeposed } = options
  let leads = false
  let leave: Stop = () => undefined
  let reign = 0
  /** Counted, not measured: a tab that slept itself has asked nothing. */
  let unanswered = 0
  let hiddenSince = page.isVisible() ? null : world.now()
  let asking: Stop | null = null
  let stopped = false

  const say = () =>
    post({ note: "leads", tab, reign, hiddenMs: hiddenSince === null ? 0 : world.now() - hiddenSince })
  const enter = (how: "wait" | "steal") => {
    leave()
    leave = locks.enter(NETWORK_LOCK, how, {
      onHeld() {
        leads = true
        reign++
        stopAsking()
        onLead()
        say()
      },
      onLost() {
        depose()
        enter("wait")
        ask()
      },
    })
  }
  const depose = () => {
    if (!leads) return
    leads = false
    unanswered = 0
    onDeposed()
  }
  const steal = () => {
    unanswered = 0
    enter("steal")
  }
  const stopAsking = () => {
    asking?.()
    asking = null
  }
  const ask = () => {
    stopAsking()
    if (leads || stopped || !page.isVisible()) return
    if (unanswered >= UNANSWERED_MAX) steal()
    unanswered++
    post({ note: "who-leads" })
    asking = world.after(ASK_EVERY_MS, ask)
  }

  // A hidden tab asks too, once: it must know whom to tell what it has open.
  const begin = () => {
    unanswered = 0
    if (page.isVisible()) ask()
    else post({ note: "who-leads" })
  }

  const stopPage = page.onChange(now => {
    switch (now) {
      case "visible":
        hiddenSince = null
        unanswered = 0
        ask()
        return
      case "hidden":
        hiddenSince ??= world.now()
        stopAsking()
        return
      case "frozen":
        // It could not answer: whoever is awake carries on.
        leave()
        depose()
        return
      case "thawed":
        enter("wait")
        begin()
        return
      default:
        return now satisfies never
    }
  })
  enter("wait")
  begin()
  return {
    hear(note) {
      switch (note.note) {
        case "who-leads":
          if (leads) say()
          return
        case "leads":
          unanswered = 0
          if (!leads && note.hiddenMs >= HIDDEN_MS && page.isVisible()) steal()
          return
        default:
          note satisfies never
      }
    },
    stop() {
      stopped = true
      stopPage()
      stopAsking()
      leave()
      depose()
    },
  }
}
