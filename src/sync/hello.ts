// What is wrong with a HELLO, if anything: decided before a word is said about any document.
import type { PublicKey } from "../bytes/ids"
import { equalBytes } from "../bytes/writer"
import { type Hello, PROTOCOL } from "./messages"
import type { Problem } from "./shelf"

/** Why a conversation cannot go on. `hostile`: whoever dials should wait before the next attempt. */
export interface Wrong {
  readonly problem: Problem
  readonly message: string
  readonly hostile: boolean
}

/** Null if there is nothing wrong. `ourNonce`: what this end has drawn; `expectedRelayKey`: null if any will do. */
export function wrongWith(
  hello: Hello,
  ourNonce: Uint8Array,
  expectedRelayKey: PublicKey | null,
): Wrong | null {
  const { protocolMin, protocolMax, nonce, relayKey } = hello
  const message = `expected protocol ${PROTOCOL}, got ${protocolMin} to ${protocolMax}`
  if (protocolMin > PROTOCOL) return { problem: "newer-protocol", message, hostile: false }
  if (protocolMax < PROTOCOL) return { problem: "older-protocol", message, hostile: false }
  if (equalBytes(nonce, ourNonce))
    return { problem: "echo", message: "the other end is an echo of this one", hostile: true }
  if (expectedRelayKey && relayKey !== expectedRelayKey)
    return { problem: "another-relay", message: "not the key that is known for this relay", hostile: true }
  return null
}
