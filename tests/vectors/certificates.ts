// Vectors of certificates: what comes before, what arrives, and what must come of it.
import { idBytes } from "../../src/bytes/ids"
import { concat } from "../../src/bytes/writer"
import { decodeEpoch, decodeGrantCertificate, decodeSeat } from "../../src/records/certificate"
import { decodeGenesis } from "../../src/records/genesis"
import {
  editor,
  fieldsOf,
  flipped,
  grantKey,
  host,
  key,
  malleated,
  ours,
  patched,
  records,
  root,
  seatOfBea,
  seatOfVic,
  secret,
  sessionCertificate,
  signed,
  theirs,
  toHex,
  type Verdict,
  viewer,
} from "./world"

interface CertificateVector {
  readonly name: string
  /** Names of records of world.ts, added first, in order, the genesis first. Empty: the arriving one is to be a genesis. */
  readonly given: readonly string[]
  readonly bytes: string
  readonly expect: Verdict
  /** The id that follows, for good ones: the document's, or the certificate's hash. */
  readonly id?: string
}

const admin = grantKey("admin")
const genesisFields = fieldsOf(ours.genesis)
const epochFields = fieldsOf(ours.epoch)
const viewerFields = fieldsOf(viewer)
const seatFields = fieldsOf(seatOfBea)
// Offsets of the layouts (docs/protocol.md, chapter 2).
const GENESIS = { suite: 2, kind: 3, adminCount: 52, admins: 53 }
const EPOCH = { docId: 2, n: 34, parents: 35, signer: 36, grantCount: 100, grants: 101 }
const GRANT = { epoch: 34, signer: 66, boxPub: 130, role: 162, capsule: 163, label: 268, notAfter: 269 }
const SEAT = { docId: 2, claim: 98 }
const GRANT_BYTES = (epochFields.length - EPOCH.grants - 3) / 2

function genesis(fields: Uint8Array): Uint8Array {
  return signed("genesis", fields, root)
}
function epoch(fields: Uint8Array, signer = admin): Uint8Array {
  return signed("epoch", fields, signer)
}
function grantCertificate(fields: Uint8Array, signer = admin): Uint8Array {
  return signed("grant", fields, signer)
}

function nameOf(record: Uint8Array): string {
  const entry = Object.entries(records).find(([, bytes]) => bytes === record)
  if (!entry) throw new Error("a record without a name is given")
  return entry[0]
}

export function certificateVectors(): CertificateVector[] {
  const vectors: CertificateVector[] = []
  const add = (
    given: readonly Uint8Array[],
    name: string,
    bytes: Uint8Array,
    expect: Verdict,
    id?: string,
  ) => {
    vectors.push({ name, given: given.map(nameOf), bytes: toHex(bytes), expect, ...(id ? { id } : {}) })
  }
  const idOf = (hash: Parameters<typeof idBytes>[0]) => toHex(idBytes(hash))

  const none: Uint8Array[] = []
  add(none, "genesis", ours.genesis, "good", idOf(decodeGenesis(ours.genesis).docId))
  add(none, "genesis of another nonce is another document", theirs.genesis, "good", idOf(theirs.docId))
  add(none, "genesis: empty", new Uint8Array(0), "format")
  add(none, "genesis: one byte short", ours.genesis.slice(0, -1), "format")
  add(none, "genesis: only its signature", ours.genesis.slice(-64), "format")
  add(none, "genesis: one byte left over, signed", genesis(concat(genesisFields, Uint8Array.of(0))), "format")
  add(none, "genesis: version 2", genesis(patched(genesisFields, 0, 1, 2)), "newer")
  add(none, "genesis: version 0", genesis(patched(genesisFields, 0, 1, 0)), "format")
  add(none, "genesis: of type epoch", genesis(patched(genesisFields, 1, 1, 2)), "format")
  add(none, "genesis: suite 2", genesis(patched(genesisFields, GENESIS.suite, 1, 2)), "format")
  add(none, "genesis: kind 3", genesis(patched(genesisFields, GENESIS.kind, 1, 3)), "format")
  add(
    none,
    "genesis: number of admins as 81 00",
    genesis(patched(genesisFields, GENESIS.adminCount, 1, 0x81, 0)),
    "format",
  )
  add(none, "genesis: no admin", genesis(patched(genesisFields, GENESIS.adminCount, 33, 0)), "format")
  add(
    none,
    "genesis: 501 admins claimed",
    genesis(patched(genesisFields, GENESIS.adminCount, 1, 0xf5, 3)),
    "format",
  )
  add(
    none,
    "genesis: an admin twice",
    genesis(concat(patched(genesisFields, GENESIS.adminCount, 1, 2), idBytes(admin.publicKey))),
    "format",
  )
  add(none, "genesis: one bit of the nonce turned", flipped(ours.genesis, 4), "bad-signature")
  add(
    none,
    "genesis: signed by another than its root",
    signed("genesis", genesisFields, admin),
    "bad-signature",
  )
  add(none, "genesis: signed as an epoch", signed("epoch", genesisFields, root), "bad-signature")
  add(none, "genesis: S + L", malleated(ours.genesis), "bad-signature")

  const founded = [ours.genesis]
  add(founded, "the same genesis again", ours.genesis, "known")
  add(founded, "another document's genesis", theirs.genesis, "wrong-document")
  add(founded, "epoch 0", ours.epoch, "good", idOf(decodeEpoch(ours.epoch).hash))
  add(founded, "epoch of another document", theirs.epoch, "wrong-document")
  add(
    founded,
    "epoch: another document's, moved here under its old signature",
    patched(theirs.epoch, EPOCH.docId, 32, ...idBytes(ours.docId)),
    "bad-signature",
  )
  add(founded, "epoch: one byte short", ours.epoch.slice(0, -1), "format")
  add(founded, "epoch: one byte left over, signed", epoch(concat(epochFields, Uint8Array.of(0))), "format")
  add(founded, "epoch: version 2", epoch(patched(epochFields, 0, 1, 2)), "newer")
  add(founded, "epoch: number as 80 00", epoch(patched(epochFields, EPOCH.n, 1, 0x80, 0)), "format")
  add(founded, "epoch: 1 without parents", epoch(patched(epochFields, EPOCH.n, 1, 1)), "format")
  add(
    founded,
    "epoch: 0 with a parent",
    epoch(patched(epochFields, EPOCH.parents, 1, 1, ...secret("parent"))),
    "format",
  )
  add(
    founded,
    "epoch: 1 behind a parent that nobody knows",
    epoch(patched(epochFields, EPOCH.n, 2, 1, 1, ...secret("parent"))),
    "unknown-epoch",
  )
  add(
    founded,
    "epoch: 1,001",
    epoch(patched(epochFields, EPOCH.n, 2, 0xe9, 7, 1, ...secret("parent"))),
    "format",
  )
  add(
    founded,
    "epoch: 501 grants claimed",
    epoch(patched(epochFields, EPOCH.grantCount, 1, 0xf5, 3)),
    "format",
  )
  add(
    founded,
    "epoch: 500 grants claimed, 2 there",
    epoch(patched(epochFields, EPOCH.grantCount, 1, 0xf4, 3)),
    "format",
  )
  add(
    founded,
    "epoch: a grant twice",
    epoch(
      concat(
        patched(epochFields.slice(0, EPOCH.grants + GRANT_BYTES), EPOCH.grantCount, 1, 2),
        epochFields.slice(EPOCH.grants, EPOCH.grants + GRANT_BYTES),
        new Uint8Array(3),
      ),
    ),
    "format",
  )
  add(
    founded,
    "epoch: signed by an editor who is no admin of the genesis",
    epoch(patched(epochFields, EPOCH.signer, 32, ...idBytes(grantKey("bea").publicKey)), grantKey("bea")),
    "bad-certificate",
  )
  add(
    founded,
    "epoch: does not list the genesis' admin as admin",
    epoch(patched(epochFields, EPOCH.grants + 64, 1, 4)),
    "bad-certificate",
  )
  add(
    founded,
    "epoch: admin named as signer, signed by another",
    epoch(epochFields, grantKey("bea")),
    "bad-signature",
  )
  add(founded, "epoch: signed as a grant", signed("grant", epochFields, admin), "bad-signature")
  add(founded, "epoch: S + L", malleated(ours.epoch), "bad-signature")
  add(founded, "grant before its epoch", viewer, "unknown-epoch")
  add(founded, "seat before its grant", seatOfBea, "unknown-grant")

  const listed = [ours.genesis, ours.epoch]
  add(listed, "the same epoch again", ours.epoch, "known")
  add(listed, "the same epoch again under a broken signature: nothing new", flipped(ours.epoch, -1), "known")
  add(
    listed,
    "a second first epoch",
    epoch(patched(epochFields, EPOCH.signer + 32, 32, ...secret("another commitment"))),
    "good",
  )
  const upon = idBytes(ours.epochHash)
  const second = patched(epochFields, EPOCH.n, 2, 1, 1, ...upon)
  add(listed, "epoch: 1 upon the first", epoch(second), "good")
  add(listed, "epoch: 2 upon the first", epoch(patched(second, EPOCH.n, 1, 2)), "bad-certificate")
  const byBea = patched(second, EPOCH.signer + 32, 32, ...idBytes(grantKey("bea").publicKey))
  add(listed, "epoch: upon the first, by an editor", epoch(byBea, grantKey("bea")), "no-right")
  const byRoot = patched(second, EPOCH.signer + 32, 32, ...idBytes(root.publicKey))
  add(listed, "epoch: upon the first, by root", epoch(byRoot, root), "good")
  const grants = EPOCH.grants + 32
  const withoutBea = concat(
    patched(second.slice(0, grants + GRANT_BYTES), EPOCH.grantCount + 32, 1, 1),
    second.slice(grants + 2 * GRANT_BYTES),
  )
  add(listed, "epoch: without Bea, whom no cut names", epoch(withoutBea), "bad-certificate")
  const beaReads = patched(second, grants + GRANT_BYTES + 64, 1, 1)
  add(listed, "epoch: Bea only reads, and no cut names her", epoch(beaReads), "bad-certificate")
  add(listed, "grant: view", viewer, "good", idOf(decodeGrantCertificate(viewer).hash))
  add(listed, "grant: host, without a capsule", host, "good", idOf(decodeGrantCertificate(host).hash))
  add(
    listed,
    "grant: edit, with a label and an end",
    editor,
    "good",
    idOf(decodeGrantCertificate(editor).hash),
  )
  add(listed, "grant of another document", theirs.admit("vic", "view"), "wrong-document")
  add(listed, "grant: one byte short", viewer.slice(0, -1), "format")
  add(listed, "grant: admin", grantCertificate(patched(viewerFields, GRANT.role, 1, 5)), "format")
  add(listed, "grant: role 6", grantCertificate(patched(viewerFields, GRANT.role, 1, 6)), "format")
  add(
    listed,
    "grant: host with a capsule",
    grantCertificate(patched(viewerFields, GRANT.role, 1, 0)),
    "format",
  )
  add(
    listed,
    "grant: view without a capsule",
    grantCertificate(patched(fieldsOf(host), GRANT.role, 1, 1)),
    "format",
  )
  add(
    listed,
    "grant: capsule of 103 bytes",
    grantCertificate(patched(viewerFields, GRANT.capsule, 2, 103)),
    "format",
  )
  add(
    listed,
    "grant: capsule of 105 bytes",
    grantCertificate(patched(viewerFields, GRANT.capsule, 1, 105, 0)),
    "format",
  )
  add(
    listed,
    "grant: label of 513 bytes",
    grantCertificate(patched(viewerFields, GRANT.label, 1, 0x81, 4, ...new Uint8Array(513))),
    "format",
  )
  add(
    listed,
    "grant: end date as 80 00",
    grantCertificate(patched(viewerFields, GRANT.notAfter, 1, 0x80, 0)),
    "format",
  )
  add(
    listed,
    "grant: end date 2^53",
    grantCertificate(
      patched(viewerFields, GRANT.notAfter, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10),
    ),
    "format",
  )
  add(
    listed,
    "grant under an epoch nobody knows",
    grantCertificate(patched(viewerFields, GRANT.epoch, 32, ...secret("no epoch"))),
    "unknown-epoch",
  )
  add(listed, "grant signed by an editor in their own name", ours.admit("dee", "edit", {}, "bea"), "no-right")
  add(listed, "grant signed by somebody not listed", ours.admit("dee", "edit", {}, "mallory"), "no-right")
  add(
    listed,
    "grant in the admin's name, signed by an editor",
    grantCertificate(viewerFields, grantKey("bea")),
    "bad-signature",
  )
  add(listed, "grant: one bit of the box key turned", flipped(viewer, GRANT.boxPub), "bad-signature")
  add(listed, "grant: S + L", malleated(viewer), "bad-signature")
  add(
    listed,
    "a lower role for a grant of the epoch: kept, changes nothing",
    ours.admit("bea", "view"),
    "good",
    idOf(decodeGrantCertificate(ours.admit("bea", "view")).hash),
  )

  add(listed, "seat with a claim", seatOfBea, "good", idOf(decodeSeat(seatOfBea).hash))
  add(
    listed,
    "seat without a claim",
    ours.seat("bea", "pseudonym"),
    "good",
    idOf(decodeSeat(ours.seat("bea", "pseudonym")).hash),
  )
  add(listed, "seat of a grant that is not listed", seatOfVic, "unknown-grant")
  add(listed, "seat of another document", theirs.seat("bea"), "wrong-document")
  add(
    listed,
    "seat: another document's, moved here under its old signature",
    patched(theirs.seat("bea"), SEAT.docId, 32, ...idBytes(ours.docId)),
    "bad-signature",
  )
  add(
    listed,
    "seat: claim's hash of 31 bytes",
    signed("seat", patched(seatFields, SEAT.claim, 2, 31), grantKey("bea")),
    "format",
  )
  add(
    listed,
    "seat: claim's hash of 33 bytes",
    signed("seat", concat(patched(seatFields, SEAT.claim, 1, 33), Uint8Array.of(0)), grantKey("bea")),
    "format",
  )
  add(
    listed,
    "seat signed by its own key instead of the grant's",
    signed("seat", seatFields, key("seat of bea")),
    "bad-signature",
  )
  add(listed, "seat: one bit of its key turned", flipped(seatOfBea, 66), "bad-signature")
  add(listed, "a session is no certificate to add", sessionCertificate("first"), "format")
  add(listed, "record type 9", patched(viewer, 1, 1, 9), "format")
  add(Object.values(records), "all of a document again: the seat is known", seatOfBea, "known")
  add(
    [ours.genesis, ours.epoch, viewer],
    "a grant listed twice: the higher role counts, and both are kept",
    ours.admit("vic", "comment"),
    "good",
    idOf(decodeGrantCertificate(ours.admit("vic", "comment")).hash),
  )
  add(
    listed,
    "a grant with another role than its bytes were signed with",
    patched(viewer, GRANT.role, 1, 2),
    "bad-signature",
  )
  return vectors
}
