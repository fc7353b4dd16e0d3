// The people and records that all vectors speak of, the same at every making: every secret is a hash of its name.
// Good records are made by the program; broken ones are those, cut open and, where it says so, signed again.
import { createHash } from "node:crypto"
import type { CertificateHash, DocId, PublicKey } from "../../src/bytes/ids"
import { concat, Writer } from "../../src/bytes/writer"
import { grantBoxKey, grantSigningSeed, type Random, sealCapsule } from "../../src/crypto/sealing"
import { type SignatureKind, type SigningKey, sign, signingKey } from "../../src/crypto/signing"
import {
  decodeEpoch,
  decodeSeat,
  encodeEpoch,
  encodeGrantCertificate,
  encodeSeat,
  encodeSession,
  type Grant,
  viewCommitOf,
} from "../../src/records/certificate"
import { decodeGenesis, encodeGenesis } from "../../src/records/genesis"
import type { Role } from "../../src/records/roles"

/** What must come of some bytes: "good", "known" (held already), or how they are turned away. */
export type Verdict = string

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex")
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"))
}

/** 32 bytes that stand for chance: a hash of what they are for. */
export function secret(name: string): Uint8Array {
  return Uint8Array.from(createHash("sha256").update(`sheaf vector: ${name}`).digest())
}

/** A stream of bytes that stand for chance. */
export function chance(name: string): Random {
  let calls = 0
  return length => {
    const parts: Uint8Array[] = []
    for (let at = 0; at < length; at += 32) parts.push(secret(`${name} ${calls++}`))
    return concat(...parts).slice(0, length)
  }
}

export function key(name: string): SigningKey {
  return signingKey(secret(name))
}

/** fields | signature, whatever the fields are. */
export function signed(kind: SignatureKind, fields: Uint8Array, signer: SigningKey): Uint8Array {
  return concat(fields, sign(kind, fields, signer))
}

/** Cuts a signed record open: its fields without the signature. */
export function fieldsOf(record: Uint8Array): Uint8Array {
  return record.slice(0, -64)
}

/** `bytes` with `length` bytes from `at` replaced. */
export function patched(bytes: Uint8Array, at: number, length: number, ...by: number[]): Uint8Array {
  return concat(bytes.subarray(0, at), Uint8Array.from(by), bytes.subarray(at + length))
}

/** `bytes` with the lowest bit of the byte at `at` (from the end if negative) turned. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const index = at < 0 ? bytes.length + at : at
  return bytes.map((byte, position) => (position === index ? byte ^ 1 : byte))
}

/** The signature at the end with its S moved up by the group's order: the same equation, another spelling. */
export function malleated(record: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const S = record.subarray(-32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) + order
  const moved = Uint8Array.from({ length: 32 }, (_, index) => Number((S >> BigInt(8 * index)) & 255n))
  return concat(record.subarray(0, -32), moved)
}

export function grantSecret(name: string): Uint8Array {
  return secret(`grant of ${name}`)
}

export function grantKey(name: string): SigningKey {
  return signingKey(grantSigningSeed(grantSecret(name)))
}

export const viewKey = secret("view key")
export const root = key("root")

/** A grant with its capsule, or a host's without. */
export function grant(name: string, role: Role, more: Partial<Grant> = {}): Grant {
  const box = grantBoxKey(grantSecret(name))
  return {
    grantPub: grantKey(name).publicKey,
    boxPub: box.publicKey,
    role,
    capsule: role === "host" ? null : sealCapsule(viewKey, box.publicKey, chance(`capsule of ${name}`)),
    sealedLabel: new Uint8Array(0),
    notAfter: null,
    ...more,
  }
}

/** A document with one admin: its certificates and what they are called. */
function found(nonceName: string) {
  const genesis = encodeGenesis(
    {
      kind: "doc",
      nonce: secret(`nonce of ${nonceName}`).slice(0, 16),
      adminPubs: [grantKey("admin").publicKey],
    },
    root,
  )
  const { docId } = decodeGenesis(genesis)
  const epoch = encodeEpoch(
    {
      docId,
      n: 0,
      parents: [],
      viewCommit: viewCommitOf(viewKey),
      grants: [grant("admin", "admin"), grant("bea", "edit")],
      cuts: [],
      stands: [],
      backKeys: [],
    },
    grantKey("admin"),
  )
  const epochHash = decodeEpoch(epoch).hash
  const admit = (name: string, role: Role, more: Partial<Grant> = {}, by = "admin") =>
    encodeGrantCertificate({ docId, epoch: epochHash, grant: grant(name, role, more) }, grantKey(by))
  const seat = (name: string, device = name, claimHash: Uint8Array | null = null) =>
    encodeSeat({ docId, seatPub: key(`seat of ${device}`).publicKey, claimHash }, grantKey(name))
  return { genesis, docId, epoch, epochHash, admit, seat }
}

/** The document of the vectors. Admin and Bea (edit) are listed by the epoch; others by certificates beside it. */
export const ours = found("ours")
/** Another document of the same people. */
export const theirs = found("theirs")

export const viewer = ours.admit("vic", "view")
export const host = ours.admit("relay", "host")
export const commenter = ours.admit("dee", "comment")
export const editor = ours.admit("cy", "edit", { notAfter: 1_900_000_000_000, sealedLabel: secret("label") })
export const seatOfBea = ours.seat("bea", "bea", secret("claim"))
export const seatOfCy = ours.seat("cy")
export const seatOfDee = ours.seat("dee")
export const seatOfVic = ours.seat("vic")

/** All of the document's certificates, in an order in which they can be added. */
export const records: Readonly<Record<string, Uint8Array>> = {
  genesis: ours.genesis,
  epoch: ours.epoch,
  "grant of Vic, view": viewer,
  "grant of a host": host,
  "grant of Cy, edit": editor,
  "grant of Dee, comment": commenter,
  "seat of Bea": seatOfBea,
  "seat of Cy": seatOfCy,
  "seat of Dee": seatOfDee,
  "seat of Vic": seatOfVic,
}

/** The key of a session, by a name of its own. */
export function sessionKey(name: string): SigningKey {
  return key(`session ${name}`)
}

interface SessionOptions {
  readonly docId?: DocId
  readonly epoch?: CertificateHash
  readonly seat?: Uint8Array
  readonly sessionPub?: PublicKey
  readonly signer?: SigningKey
}

/** The certificate of a session, Bea's unless told otherwise. */
export function sessionCertificate(name: string, options: SessionOptions = {}): Uint8Array {
  return encodeSession(
    {
      docId: options.docId ?? ours.docId,
      epoch: options.epoch ?? ours.epochHash,
      seat: decodeSeat(options.seat ?? seatOfBea).hash,
      sessionPub: options.sessionPub ?? sessionKey(name).publicKey,
    },
    options.signer ?? key("seat of bea"),
  )
}

/** header as a block | signature | body, whatever they are. */
export function assembled(header: Uint8Array, signature: Uint8Array, body: Uint8Array): Uint8Array {
  return new Writer().block(header).bytes(signature).bytes(body).end()
}
