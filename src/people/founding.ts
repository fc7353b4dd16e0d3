// How a document begins, and how somebody is let in. Both are acts of an admin's keys on this device, and both work
// with no network: what they make are certificates, which travel like everything else.
import type { DocId, PublicKey } from "../bytes/ids"
import { grantSigningSeed, KEY_BYTES, type Random } from "../crypto/sealing"
import { deriveSigningKeys, signingKey } from "../crypto/signing"
import {
  decodeGrantCertificate,
  encodeEpoch,
  encodeGrantCertificate,
  viewCommitOf,
} from "../records/certificate"
import type { Certificates } from "../records/certificates"
import { decodeGenesis, encodeGenesis } from "../records/genesis"
import { typeOf } from "../records/layout"
import type { Role } from "../records/roles"
import { grantKeysOf, hostKeys, listGrant } from "./grants"
import { keysOf, type MemberKeys, type Membership, type Standing } from "./membership"

/** A new document: its certificates in order, and what this device is in it. */
export interface Founding {
  readonly membership: Membership
  readonly certificates: readonly Uint8Array[]
}

/** The secrets of a document that is to be founded, 32 bytes each. */
interface FoundingSecrets {
  readonly rootSeed: Uint8Array
  readonly grantSecret: Uint8Array
  readonly seatSeed: Uint8Array
}

/** Draws them, and has the platform derive their keys, so that `foundDocument` is quick. */
export async function drawSecrets(random: Random): Promise<FoundingSecrets> {
  const secrets = draw(random)
  const { rootSeed, grantSecret, seatSeed } = secrets
  await deriveSigningKeys([rootSeed, grantSigningSeed(grantSecret), seatSeed])
  return secrets
}

function draw(random: Random): FoundingSecrets {
  return { rootSeed: random(KEY_BYTES), grantSecret: random(KEY_BYTES), seatSeed: random(KEY_BYTES) }
}

/** Founds a document of which this device is the only admin. Nothing is stored or sent yet. */
export function foundDocument(random: Random, secrets: FoundingSecrets = draw(random)): Founding {
  const { rootSeed, grantSecret, seatSeed } = secrets
  const root = signingKey(rootSeed)
  const viewKey = random(KEY_BYTES)
  const admin = signingKey(grantSigningSeed(grantSecret))
  const genesis = encodeGenesis({ kind: "doc", nonce: random(16), adminPubs: [admin.publicKey] }, root)
  const { docId } = decodeGenesis(genesis)
  const epoch = encodeEpoch(
    {
      docId,
      n: 0,
      parents: [],
      viewCommit: viewCommitOf(viewKey),
      grants: [
        listGrant({ ...grantKeysOf(grantSecret), role: "admin", label: "", notAfter: null }, viewKey, random),
      ],
      cuts: [],
      stands: [],
      backKeys: [],
    },
    admin,
  )
  const membership: Membership = {
    docId,
    grantSecret,
    seatSeed,
    rootSeed,
    epochPrefix: null,
    grantCertificate: null,
  }
  return { membership, certificates: [genesis, epoch, keysOf(membership).seatCertificate] }
}

/** A right that was just given: the secret for the link, and the certificate that everybody needs to believe it. */
export interface Given {
  readonly grantSecret: Uint8Array
  readonly certificate: Uint8Array
}

/**
 * Gives a role to whoever will hold the new secret; a host gets no capsule, and can read nothing. The caller is an admin; `label` is sealed for members. `notAfter`: wall
 * clock ms after which nobody takes its proofs any more; null: until it is taken back.
 */
export function giveGrant(
  role: Exclude<Role, "admin">,
  label: string,
  admin: MemberKeys,
  standing: Standing,
  docId: DocId,
  random: Random,
  notAfter: number | null = null,
): Given {
  if (standing.role !== "admin") throw new Error("only an admin gives grants")
  const grantSecret = random(KEY_BYTES)
  const listed = { ...grantKeysOf(grantSecret), role, label, notAfter }
  const grant = listGrant(listed, standing.viewKey, random)
  return {
    grantSecret,
    certificate: encodeGrantCertificate({ docId, epoch: standing.epoch, grant }, admin.grant),
  }
}

/** Lets a relay hold and sign for sealed copies: its own key is its grant, and it gets no capsule (§6, STORED). */
export function hostGrant(
  relayKey: PublicKey,
  admin: MemberKeys,
  standing: Standing,
  docId: DocId,
  random: Random,
): Uint8Array {
  const listed = { ...hostKeys(relayKey), role: "host", label: "", notAfter: null } as const
  const grant = listGrant(listed, standing.viewKey, random)
  return encodeGrantCertificate({ docId, epoch: standing.epoch, grant }, admin.grant)
}

/** The certificate behind a grant's secret, to travel in a link; null if the epoch itself lists the grant. */
export function certificateOf(grantSecret: Uint8Array, certificates: Certificates): Uint8Array | null {
  const grantPub = signingKey(grantSigningSeed(grantSecret)).publicKey
  const isOfGrant = (bytes: Uint8Array) =>
    typeOf(bytes) === "grant" && decodeGrantCertificate(bytes).grant.grantPub === grantPub
  return certificates.all().find(isOfGrant) ?? null
}

/** Whether a relay is a listed host. */
export function isHost(certificates: Certificates, relayKey: PublicKey): boolean {
  return certificates.roleOf(relayKey) === "host"
}
