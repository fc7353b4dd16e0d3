// What a lobby is, for those who use one: a place where the devices that know a document's name find each other. What
// it is made of is in peers.ts, which is loaded later than everything else.
import { encodeBase64url } from "../bytes/base64url"
import { type DocId, idBytes } from "../bytes/ids"
import type { Stop } from "../bytes/world"
import { labelledHash } from "../crypto/hash"
import type { Ending } from "../sync/exchange"
import type { Link } from "../sync/link"

/** What has become of a link, as far as a lobby must know to tell visitors from ghosts. */
export interface Talk {
  /** Whether the other end has said hello in our words. */
  readonly met: boolean
  /** Whether it has proven a right in any document. */
  readonly proven: boolean
  /** The conversation is over, and why. */
  readonly ended: Promise<Ending>
}

/**
 * Somebody was found and there is a link, open at both ends. `binding`: what ties proofs to it, the same 64 bytes at
 * both ends. The lobby closes the connection when the talk has ended.
 */
export type OnLink = (link: Link, binding: Uint8Array) => Talk

/** Enters the lobby of a document on the relays at these origins, until stopped. Once per document at a time. */
export type JoinLobby = (docId: DocId, relays: readonly string[], onLink: OnLink) => Stop

/** What signalling sees of a document's lobby, and what seals the words said there from it (protocol §7). */
export function lobbyOf(docId: DocId): { readonly name: string; readonly password: string } {
  const id = idBytes(docId)
  return {
    name: encodeBase64url(labelledHash("lobby", id)),
    password: encodeBase64url(labelledHash("lobby-password", id)),
  }
}
