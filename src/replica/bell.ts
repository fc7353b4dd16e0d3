// Something that others may wait to hear of, without knowing who rings.
import type { Stop } from "../bytes/world"

export class Bell {
  readonly #listeners = new Set<() => void>()

  ring(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  on(f: () => void): Stop {
    this.#listeners.add(f)
    return () => this.#listeners.delete(f)
  }
}
