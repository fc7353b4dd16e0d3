// What a screen reader is told without being asked: seldom, politely, one sentence at a time (§3.4 of the
// experience page: a document safe for the first time, arrived, not saved; nothing else).
import { signal } from "@preact/signals"

const spoken = signal("")

/** Says a sentence politely. The same sentence twice is said twice. */
export function announce(sentence: string): void {
  // A live region is read when its text changes: an invisible space tells two equal sentences apart.
  spoken.value = spoken.peek() === sentence ? `${sentence}\u00a0` : sentence
}

/** The one polite live region of the app; mounted once, never removed. */
export function LiveRegion() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {spoken.value}
    </div>
  )
}
