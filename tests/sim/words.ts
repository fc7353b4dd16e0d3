// What a run owes to those who typed. Every character is typed once, so it is its own name. A character is owed from the
// moment at which its device said that it was saved, or, should the device stop before, if its disk turns out to hold
// it; it is no longer owed when somebody took it out. A deletion counts by the same rule.
import type { Life } from "./clockwork"

/** fresh: only in a living tab · unsure: its tab is gone · kept: saved · let go: nobody could have it. */
type Standing = "fresh" | "unsure" | "kept" | "let go"

interface Mark {
  readonly life: Life
  readonly device: string
  standing: Standing
}

interface Character {
  readonly typed: Mark
  removed: Mark | null
}

// From a plane of ideographs: one UTF-16 unit and two; ASCII is for canaries and markup.
const FIRST = [0x4e00, 0x20000] as const

export class Words {
  readonly #characters = new Map<string, Character>()
  readonly #fresh = new Map<Life, Mark[]>()
  #count = 0
  /** Whether somebody has used undo: then what was deleted may be there again. */
  undone = false

  get typedCount(): number {
    return this.#characters.size
  }

  /** A character that nobody has typed. */
  next(wide: boolean): string {
    return String.fromCodePoint(FIRST[wide ? 1 : 0] + this.#count++)
  }

  typed(character: string, life: Life, device: string): void {
    this.#characters.set(character, { typed: this.#mark(life, device), removed: null })
  }

  /** Somebody took out what they saw. */
  removed(character: string, life: Life, device: string): void {
    const known = this.#characters.get(character)
    if (known && known.removed?.standing !== "kept") known.removed = this.#mark(life, device)
  }

  isTyped(character: string): boolean {
    return this.#characters.has(character)
  }

  /** All that this tab did is saved. */
  saved(life: Life): void {
    for (const mark of this.#fresh.get(life) ?? []) if (mark.standing === "fresh") mark.standing = "kept"
    this.#fresh.delete(life)
  }

  /** The tab is gone before it has said so. */
  ended(life: Life): void {
    for (const mark of this.#fresh.get(life) ?? []) if (mark.standing === "fresh") mark.standing = "unsure"
    this.#fresh.delete(life)
  }

  /** What a device's disk holds is owed from now on; the rest, unless somebody else has it, is not. */
  found(device: string, has: (character: string) => boolean): void {
    for (const [character, { typed, removed }] of this.#characters) {
      if (typed.device === device && typed.standing === "unsure")
        typed.standing = has(character) ? "kept" : "let go"
      if (removed?.device === device && removed.standing === "unsure") removed.standing = "let go"
    }
  }

  /** What a device had saved may be gone with it: its disk is an older one now. */
  rolledBack(device: string): void {
    for (const { typed, removed } of this.#characters.values())
      for (const mark of [typed, removed])
        if (mark?.device === device && mark.standing === "kept") mark.standing = "unsure"
  }

  /**
   * Whatever is wrong with a text at the end of a run; empty: nothing. `only`: what one device has typed, and itself
   * taken out.
   */
  wrongWith(text: string, only: string | null = null): string[] {
    const there = new Set(text)
    const wrong: string[] = []
    for (const [character, { typed, removed }] of this.#characters) {
      if (only !== null && typed.device !== only) continue
      const code = `U+${character.codePointAt(0)?.toString(16)}`
      const by = `${character} (${code}), typed by ${typed.device}`
      if (typed.standing === "fresh") wrong.push(`${by}, was never saved`)
      if (typed.standing === "kept" && !removed && !there.has(character)) wrong.push(`${by}, is lost`)
      const isGone = removed?.standing === "kept" && (only === null || removed.device === only)
      if (isGone && !this.undone && there.has(character))
        wrong.push(`${by}, was deleted by ${removed.device} and is there`)
    }
    for (const character of there)
      if ((character.codePointAt(0) ?? 0) >= FIRST[0] && !this.#characters.has(character))
        wrong.push(`${character} is there, and nobody typed it`)
    return wrong
  }

  #mark(life: Life, device: string): Mark {
    const mark: Mark = { life, device, standing: "fresh" }
    this.#fresh.set(life, [...(this.#fresh.get(life) ?? []), mark])
    return mark
  }
}
