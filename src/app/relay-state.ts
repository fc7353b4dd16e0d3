// What is shown of a relay before it has said anything.
import type { RelayState } from "./model"

/** The state of a relay of which nothing was signed yet; null: none is used. */
export function relayState(origin: string | null, link: RelayState["link"]): RelayState | null {
  return origin === null ? null : { name: hostOf(origin), link, receipt: null }
}

/** The part of an origin that people read. */
export function hostOf(origin: string): string {
  return origin.replace(/^[a-z]+:\/\//, "")
}
