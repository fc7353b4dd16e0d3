// The first word on a link: what this end says of itself, whether a conversation can be had with what the other end
// says, and what then ties everything that follows to this one link.
import { idBytes, type PublicKey } from "../bytes/ids"
import type { World } from "../bytes/world"
import { equalBytes } from "../bytes/writer"
import type { Link } from "./link"
import { type EndKind, type Hello, PROTOCOL } from "./messages"
import type { Meeting } from "./proofs"
import type { FarEnd, Problem } from "./shelf"

export interface ConversationOptions {
  readonly world: Pick<World, "now" | "random">
  readonly kind: EndKind
  /** A relay's own key; null for everybody else. */
  readonly relayKey: PublicKey | null
  /** The key that a relay at the far end must have; null to take the one it names. */
  readonly expectedRelayKey: PublicKey | null
  readonly binding: Uint8Array
  readonly link: Link["name"]
  readonly features: readonly string[]
  /** Whether what is large may be asked for now; absent: always. */
  readonly mayGoLarge?: () => boolean
}

/** Why a conversation cannot go on. `hostile`: whoever dials should wait before the next attempt. */
export interface Wrong {
  readonly problem: Problem
  readonly message: string
  readonly hostile: boolean
}

/** What this end says. `nonce`: 32 random bytes drawn for this link. */
export function helloOf({ kind, relayKey, features, world }: ConversationOptions, nonce: Uint8Array): Hello {
  const protocol = { protocolMin: PROTOCOL, protocolMax: PROTOCOL }
  return { type: "hello", ...protocol, nonce, features, end: kind, at: world.now(), relayKey }
}

/** What is wrong with a HELLO, or null. One of a protocol that is too new did not even decode. */
export function wrongWith(
  { protocolMin, protocolMax, nonce, end, relayKey }: Hello,
  { expectedRelayKey, link }: ConversationOptions,
  ourNonce: Uint8Array,
): Wrong | null {
  if (protocolMax < PROTOCOL) {
    const message = `expected protocol ${PROTOCOL}, got ${protocolMin} to ${protocolMax}`
    return { problem: "older-protocol", message, hostile: false }
  }
  if (equalBytes(nonce, ourNonce))
    return { problem: "echo", message: "the other end is an echo of this one", hostile: true }
  // It would be told names in the clear, and be given proofs that hold at the relay whose key it names.
  if (link === "peers" && (end !== "peer" || relayKey))
    return { problem: "garbage", message: `expected a peer, got a ${end}`, hostile: true }
  if (expectedRelayKey && relayKey !== expectedRelayKey)
    return { problem: "another-relay", message: "not the key that is known for this relay", hostile: true }
  return null
}

/** Who the other end is, and what binds proofs to this link: the relay's key if either end is one. */
export function meet(
  { nonce, end, relayKey, features, at }: Hello,
  options: ConversationOptions,
  ourNonce: Uint8Array,
): { readonly far: FarEnd; readonly meeting: Meeting } {
  const key = relayKey ?? options.relayKey
  const binding = key ? idBytes(key) : options.binding
  return {
    far: { kind: end, relayKey, link: options.link, features, since: at },
    meeting: { ourNonce, theirNonce: nonce, binding },
  }
}
