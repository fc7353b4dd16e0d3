// A newer Sheaf: noticed quietly in every window, taken only when a person says yes, and never before what was typed
// is on the disk and no window is in the middle of composing a word. The one file that knows workbox-window. After
// the yes every open window gets the new worker at once, whoever said it, so each of them flushes and reloads.
import { type ReadonlySignal, signal } from "@preact/signals-core"
import { Workbox } from "workbox-window"
import type { Stop, World } from "../bytes/world"
import { agreeing, type OtherWindows } from "./agreeing"
import type { Release } from "./model"

/** The little of workbox-window that is used here. */
export interface Worker {
  register(): Promise<unknown>
  /** Asks the server whether there is a newer one. */
  update(): Promise<void>
  /** What the one that waits says of itself, whatever that is; null: nothing, or there is none. */
  waitingRelease(): Promise<unknown>
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
  readonly world: World
  readonly composition: Composition
  /** The other windows of this profile; null where they cannot be spoken to. */
  readonly others: OtherWindows | null
  /** Calls back whenever the page is looked at again. */
  readonly onVisible: (seen: () => void) => Stop
}

/** Words half made: an input method holds letters that are in no document yet. */
export interface Composition {
  /** Resolves when nothing is being composed in this window and what was is in the document; at once if it is so. */
  over(): Promise<void>
  readonly isOver: boolean
}

export interface Updates {
  /** The newer version that waits for a yes; null: there is none. */
  readonly waiting: ReadonlySignal<Release | null>
  /** The yes: the new version takes over, and every window reloads when its words are safe. */
  take(): void
  stop(): void
}

/** How often the server is asked at most, ms. */
const CHECK_EVERY_MS = 60 * 60_000

/** How long the worker that waits is given to say what it is, ms. */
const ANSWER_MS = 2_000

/** The worker at an address of this origin, as the browser knows it. */
export function workerAt(url: string): Worker {
  const workbox = new Workbox(url)
  return {
    register: () => workbox.register(),
    update: () => workbox.update(),
    messageSkipWaiting: () => workbox.messageSkipWaiting(),
    addEventListener: (type, listener) => workbox.addEventListener(type, listener),
    async waitingRelease() {
      const waiting = (await navigator.serviceWorker.getRegistration())?.waiting
      if (!waiting) return null
      const { port1, port2 } = new MessageChannel()
      return new Promise(resolve => {
        setTimeout(() => resolve(null), ANSWER_MS)
        port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data)
        waiting.postMessage({ type: "WHICH" }, [port2])
      })
    },
  }
}

/** What a worker said of itself, as far as it is that. */
function releaseFrom(said: unknown): Release {
  const { version, hash, notes } = (typeof said === "object" && said !== null ? said : {}) as Partial<
    Record<keyof Release, unknown>
  >
  return {
    version: typeof version === "string" ? version : "",
    hash: typeof hash === "string" ? hash : "",
    notes: Array.isArray(notes) ? notes.filter(note => typeof note === "string") : [],
  }
}

/**
 * Registers the worker and watches for newer ones. Call it after the first caret: the first paint has better
 * things to do. Where there are no service workers (an insecure address, a private window) do not call it.
 */
export function watchUpdates(options: UpdatesOptions): Updates {
  const { worker, composition } = options
  const { now } = options.world
  const waiting = signal<Release | null>(null)
  let controlled = options.controlled
  let checkedAt = now()
  let reloading = false
  let taking = false

  /** Resolves when everything typed here is on the disk and nothing is half typed. Rejects if it cannot be kept. */
  const safe = async () => {
    while (!composition.isOver) await composition.over()
    await options.flush()
  }
  const windows = options.others && agreeing(options.others, options.world, composition, safe)
  const take = async () => {
    if (taking) return
    taking = true
    try {
      await safe()
      await windows?.allSafe()
      worker.messageSkipWaiting()
    } finally {
      taking = false
    }
  }

  worker.addEventListener("waiting", () => {
    void worker.waitingRelease().then(said => {
      waiting.value = releaseFrom(said)
    })
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
    void safe().then(options.reload, () => {
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

  return {
    waiting,
    take: () => {
      // What could not be kept is told where it is typed; the newer version goes on waiting.
      take().catch(() => undefined)
    },
    stop() {
      stop()
      windows?.stop()
    },
  }
}
