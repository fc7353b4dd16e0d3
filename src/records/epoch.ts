// An epoch: the list of who may do what from here on, and the commitment to the key it is read with (protocol §2).
// This file knows the bytes; certificates.ts says which are taken, weighing.ts which of them count.
import { FormatError } from "../bytes/errors"
import { type CertificateHash, type DocId, HASH_BYTES, idBytes, type PublicKey } from "../bytes/ids"
import { labelledHash } from "../crypto/hash"
import type { SigningKey } from "../crypto/signing"
import { type Grant, readGrant, writeGrant } from "./grant"
import {
  begin,
  expectEachOnce,
  finish,
  type Head,
  hashOf,
  openFields,
  readDocId,
  readHash,
  readHead,
  readKey,
  split,
  writeHead,
} from "./layout"

export const EPOCHS_MAX = 1_000
export const GRANTS_MAX = 500
const LISTED_MAX = 100_000
// nonce24 | secretbox(view key 32)
const BACK_KEY_BYTES = 72

/** What still counts of a grant that was removed or lowered: its sessions up to these heads, and no others. */
export interface Cut {
  readonly grantPub: PublicKey
  readonly heads: readonly Head[]
}

/** The view key of an earlier epoch, sealed under `kdf("back", this epoch's view key, hash of the earlier)`; 72 bytes. */
export interface BackKey {
  readonly epoch: CertificateHash
  readonly sealed: Uint8Array
}

export interface EpochCertificate {
  readonly hash: CertificateHash
  readonly docId: DocId
  /** 0 for the first, which has no parents. */
  readonly n: number
  readonly parents: readonly CertificateHash[]
  readonly signer: PublicKey
  /** `viewCommitOf` the key that this epoch is read with. */
  readonly viewCommit: Uint8Array
  readonly grants: readonly Grant[]
  readonly cuts: readonly Cut[]
  /** Certificates of removed admins that remain. */
  readonly stands: readonly CertificateHash[]
  /** View keys of the parents, and of other earlier epochs that no parent leads to. */
  readonly backKeys: readonly BackKey[]
}

/** The commitment of an epoch to its view key. */
export function viewCommitOf(viewKey: Uint8Array): Uint8Array {
  return labelledHash("view-commit", viewKey)
}

/** Makes and signs an epoch. The result belongs to the caller. */
export function encodeEpoch(
  epoch: Omit<EpochCertificate, "hash" | "signer">,
  signer: SigningKey,
): Uint8Array {
  const writer = begin("epoch")
  writer
    .bytes(idBytes(epoch.docId))
    .number(epoch.n)
    .list(epoch.parents, parent => writer.bytes(idBytes(parent)))
    .bytes(idBytes(signer.publicKey))
    .fixed(epoch.viewCommit, HASH_BYTES, "a commitment to the view key")
    .list(epoch.grants, grant => writeGrant(writer, grant))
    .list(epoch.cuts, cut =>
      writer.bytes(idBytes(cut.grantPub)).list(cut.heads, head => writeHead(writer, head)),
    )
    .list(epoch.stands, hash => writer.bytes(idBytes(hash)))
    .list(epoch.backKeys, key =>
      writer.bytes(idBytes(key.epoch)).fixed(key.sealed, BACK_KEY_BYTES, "a back key"),
    )
  return finish(writer, "epoch", signer, decodeEpoch)
}

/** Throws FormatError. Views of `bytes`. */
export function decodeEpoch(bytes: Uint8Array): EpochCertificate {
  const { fields } = split(bytes)
  const reader = openFields(fields, "epoch")
  const docId = readDocId(reader)
  const n = reader.number("an epoch's number", EPOCHS_MAX)
  const parents = reader.list("parents", EPOCHS_MAX, () => readHash(reader))
  const signer = readKey(reader, "a signer")
  const viewCommit = reader.bytes(HASH_BYTES, "a commitment to the view key")
  const grants = reader.list("grants", GRANTS_MAX, () => readGrant(reader))
  const cuts = reader.list("cuts", LISTED_MAX, () => ({
    grantPub: readKey(reader, "a grant"),
    heads: reader.list("heads", LISTED_MAX, () => readHead(reader)),
  }))
  const stands = reader.list("certificates that stand", LISTED_MAX, () => readHash(reader))
  const backKeys = reader.list("back keys", EPOCHS_MAX, () => ({
    epoch: readHash(reader),
    sealed: reader.bytes(BACK_KEY_BYTES, "a back key"),
  }))
  reader.end("an epoch certificate")
  if ((n === 0) !== (parents.length === 0))
    throw new FormatError(`expected parents exactly behind an epoch after the first, got ${parents.length}`)
  expectEachOnce(parents, "parent of an epoch")
  expectEachOnce(
    grants.map(grant => grant.grantPub),
    "grant in an epoch",
  )
  expectEachOnce(
    cuts.map(cut => cut.grantPub),
    "grant among the cuts of an epoch",
  )
  for (const cut of cuts)
    expectEachOnce(
      cut.heads.map(head => head.sessionId),
      "session in a cut",
    )
  expectEachOnce(stands, "certificate that stands")
  expectEachOnce(
    backKeys.map(key => key.epoch),
    "epoch among the back keys",
  )
  return { hash: hashOf(fields), docId, n, parents, signer, viewCommit, grants, cuts, stands, backKeys }
}
