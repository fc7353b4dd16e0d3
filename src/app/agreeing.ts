// The windows of one browser agree that nothing would be lost if all of them were replaced now: each says so when its
// words are on the disk and no word is half composed. One that says nothing is asleep, and has seen to its words when
// it was hidden; one that is busy is waited for as long as it is there.
import type { Stop, World } from "../bytes/world"
import type { Channel } from "../storage/tabs"
import type { Composition } from "./updates"

/** What windows tell each other when one of them asks. */
export type AgreeingNote =
  | { readonly note: "are-you-safe"; readonly by: string }
  | { readonly note: "busy" | "safe"; readonly to: string; readonly tab: string }

export interface OtherWindows {
  /** This window's own name. */
  readonly tab: string
  readonly channel: Channel<AgreeingNote>
  /** The names of all windows that are there now, this one included. */
  readonly tabs: () => Promise<readonly string[]>
}

export interface Agreeing {
  /** Asks all others, and resolves when each has said that it is safe, is gone, or is asleep. */
  allSafe(): Promise<void>
  stop(): void
}

/** A window that says nothing for so long is asleep. */
const ANSWER_MS = 3_000
const LOOK_EVERY_MS = 250
const AGAIN_MS = 5_000

/** Answers for this window (`safe` rejects if its words cannot be kept), and asks the others. */
export function agreeing(
  { tab, channel, tabs }: OtherWindows,
  world: World,
  composition: Composition,
  safe: () => Promise<void>,
): Agreeing {
  let answers = new Map<string, "busy" | "safe">()
  let answering: Stop = () => undefined
  const answer = (to: string) => {
    answering()
    let stopped = false
    answering = () => {
      stopped = true
    }
    const say = (note: "busy" | "safe") => {
      if (!stopped) channel.post({ note, to, tab })
    }
    if (!composition.isOver) say("busy")
    safe().then(
      () => say("safe"),
      () => {
        say("busy")
        // What cannot be kept now is tried again as long as this is the last question.
        if (!stopped) answering = world.after(AGAIN_MS, () => answer(to))
      },
    )
  }
  const stopHearing = channel.onNote(note => {
    switch (note.note) {
      case "are-you-safe":
        answer(note.by)
        return
      case "busy":
      case "safe":
        if (note.to === tab) answers.set(note.tab, note.note)
        return
      default:
        note satisfies never
    }
  })
  const allSafe = async () => {
    answers = new Map()
    channel.post({ note: "are-you-safe", by: tab })
    for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
      const others = (await tabs()).filter(name => name !== tab)
      const isWaitedFor = (name: string) =>
        answers.has(name) ? answers.get(name) === "busy" : waitedMs < ANSWER_MS
      if (!others.some(isWaitedFor)) return
      await new Promise<void>(resolve => world.after(LOOK_EVERY_MS, resolve))
    }
  }
  return {
    allSafe,
    stop() {
      answering()
      stopHearing()
      channel.close()
    },
  }
}
