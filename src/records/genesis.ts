// The first record of a document: who its admins are, and, being hashed, the document's name (protocol §2). It is
// signed by a root key that may be put away afterwards. Reading checks the form; `Certificates` the signature.
import { FormatError } from "../bytes/errors"
import { type DocId, idBytes, idOf, type PublicKey } from "../bytes/ids"
import { labelledHash } from "../crypto/hash"
import type { SigningKey } from "../crypto/signing"
import { begin, expectEachOnce, finish, openFields, readKey, split } from "./layout"

const KINDS = ["doc", "space", "keyring"] as const
export type GenesisKind = (typeof KINDS)[number]
const SUITE = 1
const NONCE_BYTES = 16
const ADMINS_MAX = 500

export interface Genesis {
  /** H("sheaf/1/doc\0" || genesis without its signature). */
  readonly docId: DocId
  readonly kind: GenesisKind
  /** 16 random bytes, so that the same people can found two documents. */
  readonly nonce: Uint8Array
  readonly rootPub: PublicKey
  /** Grants of role admin, in the order that ranks them. 1 to 500, each once. */
  readonly adminPubs: readonly PublicKey[]
}

/** Makes and signs a genesis. `nonce` is 16 random bytes. The result belongs to the caller. */
export function encodeGenesis(
  genesis: Pick<Genesis, "kind" | "nonce" | "adminPubs">,
  root: SigningKey,
): Uint8Array {
  const writer = begin("genesis")
  writer
    .byte(SUITE)
    .byte(KINDS.indexOf(genesis.kind))
    .fixed(genesis.nonce, NONCE_BYTES, "a nonce")
    .bytes(idBytes(root.publicKey))
    .list(genesis.adminPubs, admin => writer.bytes(idBytes(admin)))
  return finish(writer, "genesis", root, decodeGenesis)
}

/** Reads the form; the signature is checked by `Certificates`. Throws FormatError. Views of `bytes`. */
export function decodeGenesis(bytes: Uint8Array): Genesis {
  const { fields } = split(bytes)
  const reader = openFields(fields, "genesis")
  const suite = reader.byte("a suite")
  if (suite !== SUITE) throw new FormatError(`expected suite ${SUITE}, got ${suite}`)
  const kindByte = reader.byte("a kind of document")
  const kind = KINDS[kindByte]
  if (kind === undefined) throw new FormatError(`expected a kind of document, got ${kindByte}`)
  const nonce = reader.bytes(NONCE_BYTES, "a nonce")
  const rootPub = readKey(reader, "the root key")
  const adminPubs = reader.list("admins", ADMINS_MAX, () => readKey(reader, "an admin key"))
  reader.end("a genesis")
  if (adminPubs.length === 0) throw new FormatError("expected at least one admin, got none")
  expectEachOnce(adminPubs, "admin")
  return { docId: idOf<DocId>(labelledHash("doc", fields)), kind, nonce, rootPub, adminPubs }
}
