// What is shown of the relay that a document uses first, and the keys of all that it uses: whether it is within reach,
// and what it has signed for.
import { type Signal, signal } from "@preact/signals-core"
import type { PublicKey } from "../bytes/ids"
import type { RelayState } from "./model"
import type { Reach } from "./network"
import type { Holder } from "./receipts"

export class RelayWatch {
  /** Null: none is used. */
  readonly state: Signal<RelayState | null>
  /** By their origins, those that were met. */
  readonly keys = new Map<string, PublicKey>()
  readonly #pinOf: (origin: string) => PublicKey | null
  #origin: string | null

  /** `pinOf`: the key that a relay had when it was met before; null: it never was. */
  constructor(origin: string | null, pinOf: (origin: string) => PublicKey | null) {
    this.#origin = origin
    this.#pinOf = pinOf
    this.state = signal(origin === null ? null : relayState(origin, "connecting"))
  }

  /** A relay is used from now on. The first one is the one that is shown. */
  use(origin: string): void {
    if (this.#origin !== null) return
    this.#origin = origin
    this.state.value = relayState(origin, "connecting")
  }

  /** It can be reached now, or cannot; it does not take the document. */
  linked(origin: string, link: Reach | "refused"): void {
    const before = this.state.peek()
    if (origin === this.#origin && before)
      this.state.value = { ...before, link: link === "captive" ? "away" : link }
  }

  /** Everybody who has signed for something. */
  signed(holders: readonly Holder[]): void {
    const state = this.state.peek()
    const key = this.keys.get(this.#origin ?? "") ?? this.#pinOf(this.#origin ?? "")
    const holder = holders.find(each => each.blind && each.grantPub === key)
    if (state && holder)
      this.state.value = { ...state, receipt: { everything: holder.everything, at: holder.at } }
  }

  /** The part of its address that people read; null: no relay of that key was met. */
  nameOf(key: PublicKey): string | null {
    const found = [...this.keys].find(([, each]) => each === key)?.[0]
    const origin = found ?? (this.#origin !== null && this.#pinOf(this.#origin) === key ? this.#origin : null)
    return origin === null ? null : hostOf(origin)
  }
}

function relayState(origin: string, link: RelayState["link"]): RelayState {
  return { name: hostOf(origin), link, receipt: null }
}

/** The part of an origin that people read. */
export function hostOf(origin: string): string {
  return origin.replace(/^[a-z]+:\/\//, "")
}
