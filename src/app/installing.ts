// Putting Sheaf on the home screen or the desk. Where the browser offers to do it, the offer is kept until somebody
// wants it; where people must do it by hand, how is said. Nobody is asked at their first visit.
import { type Signal, signal } from "@preact/signals-core"
import type { Installing, InstallWay } from "./model"

/** The browser's own offer (`beforeinstallprompt`). */
export interface InstallOffer {
  prompt(): Promise<unknown>
}

/** What is known of the browser. */
export interface Browser {
  /** The app runs from its own icon. */
  readonly standalone: boolean
  /** iPhone and iPad: only by hand, and only there are documents safe from being cleared. */
  readonly isApple: boolean
}

export class Installer implements Installing {
  readonly way: Signal<InstallWay>
  #offer: InstallOffer | null = null

  constructor({ standalone, isApple }: Browser) {
    this.way = signal(standalone ? "installed" : isApple ? "by-hand" : "none")
  }

  /** The browser can install it. */
  offered(offer: InstallOffer): void {
    this.#offer = offer
    this.way.value = "offered"
  }

  /** It was installed, by us or by the browser's own menu. */
  installed(): void {
    this.#offer = null
    this.way.value = "installed"
  }

  async install(): Promise<void> {
    const offer = this.#offer
    if (!offer) return
    // An offer can be taken once; the browser makes another if it was declined.
    this.#offer = null
    this.way.value = "none"
    await offer.prompt()
  }
}
