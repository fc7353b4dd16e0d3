// What writing in a document stands on: the right to, and what is sealed into. Shapes only.
import type { CertificateHash, DocId, PublicKey } from "../bytes/ids"
import type { World } from "../bytes/world"
import type { SigningKey } from "../crypto/signing"
import type { Keeper } from "../log/keeper"
import type { Role } from "../records/roles"
import type { DocumentStore } from "../storage/log-store"
import type { Closure } from "./closure"
import type { KeyOf } from "./sealing"

/** What this device may do in a document, and with which keys. Derived by people/ from a membership. */
export interface Access {
  readonly docId: DocId
  readonly role: Role
  /** The epoch under which new sessions are begun; its key is one of those below. */
  readonly epoch: CertificateHash
  readonly keyOf: KeyOf
  readonly grantPub: PublicKey
  readonly seat: {
    readonly key: SigningKey
    readonly hash: CertificateHash
    readonly certificate: Uint8Array
  }
}

/** What sealing stands on. */
export interface Ground {
  readonly access: Access
  readonly keeper: Keeper
  readonly store: DocumentStore
  readonly closure: Closure
  readonly world: World
  /** Called with the update of each envelope that has become durable, in order; empty for one that opens a session. */
  readonly onDurable: (payload: Uint8Array) => void
}
