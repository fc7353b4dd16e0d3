// A bucket that fills by the second: what is too much is dropped, nobody is punished.
export class Bucket {
  readonly #perSecond: number
  readonly #now: () => number
  #left: number
  #at = 0

  /** `now`: the wall clock, ms. It is full at first. */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond
    this.#now = now
    this.#left = perSecond
  }

  /** Takes one out; false: it is empty. */
  take(): boolean {
    const now = this.#now()
    const seconds = Math.max(0, now - this.#at) / 1_000
    this.#left = Math.min(this.#perSecond, this.#left + seconds * this.#perSecond)
    this.#at = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
