// A newer Sheaf: noticed quietly, taken only when a person says yes, and never before what was typed is on
// the disk. The one file that knows workbox-window. After the yes every open window gets the new worker at
// once, whoever said it, so each of them flushes and reloads.
import { type ReadonlySignal, signal } from "@preact/signals-core"
import { Workbox } from "workbox-window"
import type { Stop } from "../bytes/world"

/** The little of workbox-window that is used here. */
export interface Worker {
  register(): Promise<unknown>
  /** Asks the server whether there is a newer one. */
  update(): Promise<void>
  /** Tells the one that waits to go on (not the active one: a message to that would be lost). */
  messageSkipWaiting(): void
  addEventListener(type: "waiting" | "controlling", listener: () => void): void
}

export interface UpdatesOptions {
  readonly worker: Worker
  /** Whether a worker controls this page already: false on the very first visit. */
  readonly controlled: boolean
  /** Makes everything typed durable on this device. */
  readonly flush: () => Promise<void>
  readonly reload: () => void
  /** Wall clock ms. */
  readonly now: () => number
  /** Calls back whenever the page is looked at again. */
  readonly onVisible: (seen: () => void) => Stop
}

export interface Updates {
  /** A newer version waits for a yes. */
  readonly waiting: ReadonlySignal<boolean>
  /** The yes: the new version takes over, and every window reloads when its words are safe. */
  take(): void
  stop(): void
}

/** How often the server is asked at most, ms. */
const CHECK_EVERY_MS = 60 * 60_000

/** The worker at an address of this origin, as the browser knows it. */
export const workerAt = (url: string): Worker => new Workbox(url)

/**
 * Registers the worker and watches for newer ones. Call it after the first caret: the first paint has better
 * things to do. Where there are no service workers (an insecure address, a private window) do not call it.
 */
export function watchUpdates(options: UpdatesOptions): Updates {
  const { worker, now } = options
  const waiting = signal(false)
  let controlled = options.controlled
  let checkedAt = now()
  let reloading = false

  worker.addEventListener("waiting", () => {
    waiting.value = true
  })

  worker.addEventListener("controlling", () => {
    // The first worker of a first visit takes control too: nothing of this page is old then.
    if (!controlled) {
      controlled = true
      return
    }
    if (reloading) return
    reloading = true
    // If the flush fails the window stays: its words are worth more than the new version.
    void options.flush().then(options.reload, () => {
      reloading = false
    })
  })

  const stop = options.onVisible(() => {
    if (now() - checkedAt < CHECK_EVERY_MS) return
    checkedAt = now()
    // Offline there is nothing to ask; the next look asks again.
    worker.update().catch(() => undefined)
  })

  // Without a network, or with storage forbidden, the app runs on without a worker.
  worker.register().catch(() => undefined)

  return { waiting, take: () => worker.messageSkipWaiting(), stop }
}
