// The way to a relay: dials its /sync, and dials again when the link is lost, sooner or later depending on what
// happened. It tells a relay that is away from one that refuses, and both from a hotel's log-in page that answers in
// the relay's place. What is said over the link is not known here.
import type { Stop, World } from "../bytes/world"
import type { Ending } from "../sync/exchange"
import type { Link } from "../sync/link"
import { type Socket, type SocketEnd, socketLink, socketUrl } from "./socket"

/** Why there is no link now. `captive`: something else answers in the relay's place; a person has to log in there. */
export type Missing = "connecting" | "away" | "refused" | "captive"

export interface DialEvents {
  /** There is a link. Resolves when the conversation over it has ended. */
  onLink(link: Link): Promise<Ending>
  /** There is none, and why. */
  onReach(missing: Missing): void
}

export interface Dialled {
  /** Tries now, if there is no link. */
  retry(): void
  /** Closes the link and dials no more. */
  stop(): void
}

/** Dials the relay at an origin (`https://coop.example`) until it is stopped. */
export type Dial = (origin: string, events: DialEvents) => Dialled

/** What a browser has, and a test brings along. */
export interface Surroundings {
  /** Opens a WebSocket. */
  socket(url: string): Socket
  /** Fetches a page as text; rejects when nothing answers. */
  page(url: string): Promise<string>
  /** Calls `f` whenever it is worth trying at once: the network is back, the page is looked at again. */
  onWake(f: () => void): Stop
}

const WAIT_FIRST_MS = 1_000
const WAIT_LONGEST_MS = 60_000
const OPEN_WITHIN_MS = 20_000
/** A link that lasted this long was a good one: the next attempt comes soon. */
const GOOD_LINK_MS = 30_000
/** Close codes by which a relay says no: no token, a quota, too slow a reader, against its rules. */
const REFUSALS = [1008, 4003, 4029]

/** Dials a relay: at once, then after 1 s, 2 s … 60 s with jitter, and at once when there is reason to hope. */
export function dialRelay(
  origin: string,
  world: World,
  events: DialEvents,
  surroundings: Surroundings = browserSurroundings,
): Dialled {
  let stopped = false
  let attempts = 0
  /** What the waiting is for; null while there is a link or an attempt. */
  let waiting: Stop | null = null
  let current: { close(): void } | null = null

  const attempt = async () => {
    waiting = null
    attempts++
    events.onReach("connecting")
    const opened = await open(socketUrl(origin, "/sync"), world, surroundings, socket => {
      current = socket
    })
    if (stopped) return
    if (opened.link) {
      const since = world.now()
      current = opened.link
      const ending = await events.onLink(opened.link)
      opened.link.close()
      if (stopped) return
      if (world.now() - since >= GOOD_LINK_MS) attempts = 0
      // The socket may have more to say about why than the conversation has.
      const refused = REFUSALS.includes(opened.end()?.code ?? 0)
      if (ending.hostile || refused) attempts = Number.POSITIVE_INFINITY
      events.onReach(refused ? "refused" : "away")
    } else {
      const missing = REFUSALS.includes(opened.end.code) ? "refused" : await whoAnswers(origin, surroundings)
      if (stopped) return
      events.onReach(missing)
    }
    current = null
    waiting = world.after(delay(attempts, world), attempt)
  }
  const retry = () => {
    if (!waiting || stopped) return
    waiting()
    attempts = 0
    void attempt()
  }

  const stopWaking = surroundings.onWake(retry)
  void attempt()
  return {
    retry,
    stop() {
      stopped = true
      stopWaking()
      waiting?.()
      current?.close()
    },
  }
}

type Opened =
  | { readonly link: Link; readonly end: () => SocketEnd | null }
  | { readonly link: null; readonly end: SocketEnd }

/** Opens a socket; without a link if it closes, or is still not open after a while. */
function open(
  url: string,
  world: World,
  surroundings: Surroundings,
  begun: (socket: Socket) => void,
): Promise<Opened> {
  return new Promise(resolve => {
    let socket: Socket
    try {
      socket = surroundings.socket(url)
    } catch (error) {
      // A page on https may not open an insecure socket; the constructor says so by throwing.
      resolve({ link: null, end: { code: 0, reason: error instanceof Error ? error.name : "not opened" } })
      return
    }
    begun(socket)
    socket.binaryType = "arraybuffer"
    const tooLate = world.after(OPEN_WITHIN_MS, () => {
      resolve({ link: null, end: { code: 0, reason: "not open in time" } })
      socket.close()
    })
    socket.onclose = ({ code, reason }: SocketEnd) => {
      tooLate()
      resolve({ link: null, end: { code, reason } })
    }
    socket.onerror = () => undefined // a close always follows, and says more
    socket.onopen = () => {
      tooLate()
      let ended: SocketEnd | null = null
      const link = socketLink(socket, world, end => {
        ended = end
      })
      resolve({ link, end: () => ended })
    }
  })
}

// 1 s, 2 s, 4 s … 60 s, each cut by up to a half, so that a thousand devices do not come back in the same second.
function delay(attempts: number, world: World): number {
  const longest = Math.min(WAIT_LONGEST_MS, WAIT_FIRST_MS * 2 ** Math.min(attempts - 1, 16))
  const chance = (world.random(1)[0] ?? 0) / 255
  return longest * (1 - chance / 2)
}

// Only a relay introduces itself; a log-in page answers everything with itself.
async function whoAnswers(origin: string, { page }: Surroundings): Promise<Missing> {
  const answer = await page(new URL("/.well-known/sheaf", origin).href).catch(() => null)
  return answer !== null && !isIntroduction(answer) ? "captive" : "away"
}

function isIntroduction(answer: string): boolean {
  try {
    const said: unknown = JSON.parse(answer)
    return typeof said === "object" && said !== null && "sheaf" in said && said.sheaf === 1
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** The browser's own. */
const browserSurroundings: Surroundings = {
  socket: url => new WebSocket(url),
  page: async url => {
    const response = await fetch(url, { cache: "no-store", credentials: "omit" })
    return response.text()
  },
  onWake(f) {
    const whenVisible = () => {
      if (document.visibilityState === "visible") f()
    }
    addEventListener("online", f)
    document.addEventListener("visibilitychange", whenVisible)
    return () => {
      removeEventListener("online", f)
      document.removeEventListener("visibilitychange", whenVisible)
    }
  },
}
