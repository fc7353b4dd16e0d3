// Where a document stands: which one of the states of "is it saved, and where" applies now, and what it
// looks like. Pure and small. Safety only: who is here now is another question and another sign.
// It never claims more than a holder has signed for; those facts come with the model.
import { computed, type ReadonlySignal, signal } from "@preact/signals"
import type { Content, DocumentRow, OpenDocument, Pause, RelayState, Saved } from "../app/model"
import { isBlank, isEnough } from "./listing"
import { coming, span } from "./phrasing"
import { words } from "./words"

/** The shapes of the sheaf glyph. */
export type GlyphShape = "one" | "two" | "three" | "bound" | "broken" | "dashed" | "faded" | "paused"
export type Tone = "plain" | "safe" | "wait" | "risk"

/** One state, ready to be shown: a shape, a tone, long and short words, and why. */
export interface Standing {
  readonly kind:
    | "removed"
    | "failed"
    | "outdated"
    | "waiting"
    | "paused"
    | "blank"
    | "only-here"
    | "unsent"
    | "sending"
    | "some"
    | "safe"
  readonly shape: GlyphShape
  readonly tone: Tone
  readonly text: string
  readonly short: string
  readonly why: string
}

/** The facts a standing is drawn from. `written`: there is something to lose. */
export interface Facts {
  readonly saved: Saved
  readonly content: Content
  readonly relay: RelayState | null
  readonly places: number
  /** Some other place has signed for something, be it an earlier version. */
  readonly elsewhere: boolean
  readonly unsentMs: number
  readonly written: boolean
  /** Every right was taken from this device. */
  readonly removed: boolean
  /** Others use a newer Sheaf, which this one does not understand. */
  readonly outdated: boolean
  /** Nothing is sent or fetched until then, wall clock ms; null: no pause. */
  readonly pausedUntil: number | null
  /** So many places besides this device are enough. */
  readonly target: number
}

const DAY_MS = 24 * 60 * 60_000
const said = words.standing

/** The first state that applies, most serious first (experience page, §3.3). `now`: wall clock ms. */
export function standing(facts: Facts, now: number): Standing {
  const { relay, places, unsentMs, pausedUntil } = facts
  if (facts.saved.state === "failed") return failed
  if (facts.removed) return removed
  if (facts.outdated) return outdated
  if (facts.content === "waiting") return waiting
  const elsewhere = facts.elsewhere || places > 1
  if (pausedUntil !== null && (facts.written || elsewhere))
    return paused(coming(pausedUntil, now), unsentMs > 0)
  if (unsentMs > 0) {
    if (relay?.link === "live") return sending(elsewhere)
    if (elsewhere) return unsent(unsentMs)
  }
  if (places > facts.target) return safe(places)
  if (places === 2) return relay?.receipt?.everything === true ? onRelay : onDevice
  if (places > 2) return onSome(places)
  return facts.written ? onlyHere : blank
}

const removed: Standing = {
  kind: "removed",
  shape: "one",
  tone: "plain",
  text: said.removed,
  short: said.removedShort,
  why: said.removedWhy,
}

const failed: Standing = {
  kind: "failed",
  shape: "broken",
  tone: "risk",
  text: said.failed,
  short: said.failedShort,
  why: said.failedWhy,
}

const waiting: Standing = {
  kind: "waiting",
  shape: "dashed",
  tone: "plain",
  text: said.waiting,
  short: said.waitingShort,
  why: said.waitingWhy,
}

const outdated: Standing = {
  kind: "outdated",
  shape: "faded",
  tone: "wait",
  text: said.outdated,
  short: said.outdatedShort,
  why: said.outdatedWhy,
}

const paused = (until: string, unsent: boolean): Standing => ({
  kind: "paused",
  shape: "paused",
  tone: "wait",
  text: said.paused(until),
  short: said.pausedShort(until),
  why: unsent ? said.pausedUnsentWhy(until) : said.pausedWhy,
})

const blank: Standing = {
  kind: "blank",
  shape: "one",
  tone: "plain",
  text: said.blank,
  short: said.blankShort,
  why: said.blankWhy,
}

const onlyHere: Standing = {
  kind: "only-here",
  shape: "one",
  tone: "wait",
  text: said.onlyHere,
  short: said.onlyHereShort,
  why: said.onlyHereWhy,
}

const onRelay: Standing = {
  kind: "some",
  shape: "two",
  tone: "plain",
  text: said.relay,
  short: said.relayShort,
  why: said.relayWhy,
}

const onDevice: Standing = {
  kind: "some",
  shape: "two",
  tone: "plain",
  text: said.device,
  short: said.deviceShort,
  why: said.deviceWhy,
}

const onSome = (places: number): Standing => ({
  kind: "some",
  shape: "two",
  tone: "plain",
  text: said.some(places),
  short: said.some(places),
  why: said.someWhy,
})

const sending = (everElsewhere: boolean): Standing => ({
  kind: "sending",
  shape: "faded",
  tone: "plain",
  text: said.sending,
  short: said.sendingShort,
  why: everElsewhere ? said.sendingWhy : said.unsentFirstWhy,
})

const unsent = (ms: number): Standing => ({
  kind: "unsent",
  shape: "faded",
  tone: ms >= DAY_MS ? "wait" : "plain",
  text: said.unsent(span(ms)),
  short: said.unsentShort,
  why: said.unsentWhy,
})

const safe = (places: number): Standing => ({
  kind: "safe",
  shape: "bound",
  tone: "safe",
  text: said.safe(places),
  short: said.safeShort(places),
  why: said.safeWhy,
})

/** The standing of an open document, live. */
export const standingOf = (
  open: OpenDocument,
  pause: ReadonlySignal<Pause | null>,
  written: ReadonlySignal<boolean>,
  now: () => number,
): ReadonlySignal<Standing> =>
  computed(() => {
    const facts: Facts = {
      saved: open.saved.value,
      content: open.content.value,
      relay: open.relay.value,
      places: open.places.value,
      elsewhere: open.holders.value.length > 0,
      unsentMs: open.unsentMs.value,
      written: written.value,
      removed: open.removed !== null,
      outdated: open.outdated.value,
      pausedUntil: pause.value?.until ?? null,
      target: open.target.value,
    }
    return standing(facts, now())
  })

/** How a row of the list stands. Only places are known of it, and words are said only where some could be lost. */
export interface RowStanding {
  readonly shape: GlyphShape
  readonly tone: Tone
  readonly text: string
}

export function standingOfRow(row: DocumentRow): RowStanding {
  if (isEnough(row)) return { shape: "bound", tone: "safe", text: said.safe(row.places) }
  if (row.places >= 2) return { shape: "two", tone: "plain", text: said.some(row.places) }
  if (isBlank(row)) return { shape: "dashed", tone: "plain", text: words.home.noWords }
  return { shape: "one", tone: "wait", text: said.onlyHereShort }
}

const SETTLE_MS = 800
const DEGRADE_MS = 5_000
const RANK: Record<Standing["kind"], number> = {
  removed: 0,
  failed: 0,
  outdated: 0,
  paused: 1,
  waiting: 1,
  blank: 2,
  "only-here": 2,
  unsent: 3,
  sending: 3,
  some: 4,
  safe: 5,
}

/**
 * The same standing without its flicker: a better one shows after 0.8 s, a worse one only after it has
 * lasted 5 s, and a failed save at once. `after` runs a function later and returns how to call it off.
 * Returns the calm signal and what stops it.
 */
export function calmed(
  source: ReadonlySignal<Standing>,
  after: (delayMs: number, run: () => void) => () => void,
): { readonly shown: ReadonlySignal<Standing>; readonly stop: () => void } {
  const shown = signal(source.peek())
  let callOff: (() => void) | null = null
  let direction: "better" | "worse" | null = null
  const still = () => {
    callOff?.()
    callOff = null
    direction = null
  }
  const stop = source.subscribe(next => {
    const current = shown.peek()
    if (next.kind === "failed" || next.kind === current.kind) {
      still()
      shown.value = next
      return
    }
    const going = RANK[next.kind] < RANK[current.kind] ? "worse" : "better"
    // A wait is not begun again when a worse state turns into another worse one: a link that comes and
    // goes must not keep "safe" on the screen for ever. What shows at the end is the latest.
    if (going === direction) return
    still()
    direction = going
    callOff = after(going === "worse" ? DEGRADE_MS : SETTLE_MS, () => {
      still()
      shown.value = source.peek()
    })
  })
  return {
    shown,
    stop: () => {
      stop()
      still()
    },
  }
}
