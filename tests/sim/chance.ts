// All chance of a run, drawn from one number (lib0's Xoroshiro128plus). Parts of a run that must not disturb each
// other draw from streams of their own.
import * as prng from "lib0/prng"

export class Chance {
  readonly #source: prng.PRNG

  constructor(seed: number) {
    this.#source = prng.create(seed)
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return prng.int32(this.#source, 0, count - 1)
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return prng.int32(this.#source, least, most)
  }

  /** True in that share of all cases. */
  often(share: number): boolean {
    return prng.real53(this.#source) < share
  }

  oneOf<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)]
    if (choice === undefined) throw new Error("a choice was asked for among nothing")
    return choice
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => prng.int32(this.#source, 0, 255))
  }

  /** A stream of its own. */
  fork(): Chance {
    return new Chance(prng.uint32(this.#source, 0, 2 ** 31))
  }
}
