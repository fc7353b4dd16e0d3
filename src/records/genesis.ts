// The first record of a document: its name is the hash of it (protocol §2).
import { FormatError } from "../bytes/errors"
import { type DocId, idBytes, idOf, PUBLIC_KEY_BYTES, type PublicKey } from "../bytes/ids"
import { labelledHash } from "../crypto/hash"
import type { SigningKey } from "../crypto/signing"
import { begin, finish, openFields, split } from "./layout"

const KINDS = ["doc", "space", "keyring"] as const
export type GenesisKind = (typeof KINDS)[number]
const SUITE = 1
const NONCE_BYTES = 16
const ADMINS_MAX = 500

export interface Genesis {
  readonly docId: DocId
  readonly kind: GenesisKind
  readonly nonce: Uint8Array
  readonly rootPub: PublicKey
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
    .bytes(genesis.nonce)
    .bytes(idBytes(root.publicKey))
    .list(genesis.adminPubs, admin => writer.bytes(idBytes(admin)))
  return finish(writer, "genesis", root)
}

/** Reads the form; the signature is checked by `Certificates`. Throws FormatError. */
export function decodeGenesis(bytes: Uint8Array): Genesis {
  const { fields } = split(bytes)
  const reader = openFields(fields, "genesis")
  const suite = reader.byte("a suite")
  if (suite !== SUITE) throw new FormatError(`expected suite ${SUITE}, got ${suite}`)
  const kindByte = reader.byte("a kind of document")
  const kind = KINDS[kindByte]
  if (kind === undefined) throw new FormatError(`expected a kind of document, got ${kindByte}`)
  const nonce = reader.bytes(NONCE_BYTES, "a nonce")
  const rootPub = idOf<PublicKey>(reader.bytes(PUBLIC_KEY_BYTES, "the root key"))
  const adminPubs = reader.list("admins", ADMINS_MAX, () =>
    idOf<PublicKey>(reader.bytes(PUBLIC_KEY_BYTES, "an admin key")),
  )
  reader.end("a genesis")
  if (adminPubs.length === 0) throw new FormatError("expected at least one admin, got none")
  if (new Set(adminPubs).size !== adminPubs.length) throw new FormatError("expected each admin once")
  return { docId: idOf<DocId>(labelledHash("doc", fields)), kind, nonce, rootPub, adminPubs }
}
