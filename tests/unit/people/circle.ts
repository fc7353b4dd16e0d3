// A document with several admins, each on a device of their own that holds its own set of certificates and acts
// through the API: lets people in, takes back, makes admins, joins. Nothing travels but by `tell`, in any order.
import { encodeBase64url } from "../../../src/bytes/base64url"
import { RefusedError } from "../../../src/bytes/errors"
import type { PublicKey } from "../../../src/bytes/ids"
import { H } from "../../../src/crypto/hash"
import { createVerify, type Verify, webCryptoVerify } from "../../../src/crypto/signing"
import { foundDocument, giveGrant } from "../../../src/people/founding"
import { grantKeysOf } from "../../../src/people/grants"
import {
  keysOf,
  type MemberKeys,
  type Membership,
  type Standing,
  standingOf,
} from "../../../src/people/membership"
import { type Admin, type Change, rotate } from "../../../src/people/rotating"
import { upkeep } from "../../../src/people/upkeep"
import { Certificates } from "../../../src/records/certificates"
import type { Head } from "../../../src/records/plain"
import { chance } from "../sync/world"

const check = await createVerify(webCryptoVerify)
const checked = new Map<string, Promise<boolean>>()

/** As strict as ever; the same signature, which comes to every device, is checked once. */
export const verify: Verify = (kind, publicKey, bytes, signature) => {
  const name = `${kind} ${publicKey} ${encodeBase64url(signature)} ${encodeBase64url(H(bytes))}`
  const known = checked.get(name) ?? check(kind, publicKey, bytes, signature)
  checked.set(name, known)
  return known
}

/** Adds what can be added, and again what was refused for want of it; what rests on nothing here waits. */
export async function take(
  certificates: Certificates,
  all: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  let waiting = all
  for (let before = -1; waiting.length !== before; ) {
    before = waiting.length
    const refused: Uint8Array[] = []
    for (const bytes of waiting) {
      try {
        await certificates.add(bytes)
      } catch (error) {
        if (!(error instanceof RefusedError) || !error.reason.startsWith("unknown")) throw error
        refused.push(bytes)
      }
    }
    waiting = refused
  }
  return waiting
}

/** One person's device. */
export class Holder {
  readonly membership: Membership
  readonly keys: MemberKeys
  readonly certificates: Certificates
  readonly #random: (length: number) => Uint8Array
  /** Came, and waits for what it rests on. */
  #waiting: readonly Uint8Array[] = []
  /** What this device holds of others' sessions. */
  readonly heads = new Map<PublicKey, Head[]>()

  constructor(membership: Membership, certificates: Certificates, random: (length: number) => Uint8Array) {
    this.membership = membership
    this.keys = keysOf(membership)
    this.certificates = certificates
    this.#random = random
  }

  get grantPub(): PublicKey {
    return this.keys.grant.publicKey
  }

  get standing(): Standing | string {
    return standingOf(this.membership, this.keys, this.certificates)
  }

  get isAdmin(): boolean {
    return this.certificates.roleOf(this.grantPub) === "admin"
  }

  get admin(): Admin {
    const { standing } = this
    if (typeof standing === "string") throw new Error(standing)
    return {
      signer: this.keys.grant,
      keyring: standing.keyring,
      certificates: this.certificates,
      headsOf: grantPub => this.heads.get(grantPub) ?? [],
      random: this.#random,
    }
  }

  async take(all: readonly Uint8Array[]): Promise<void> {
    this.#waiting = await take(this.certificates, [...this.#waiting, ...all])
  }

  /** Changes who may do what. */
  async change(change: Change): Promise<void> {
    await this.take([rotate(change, this.admin)])
  }

  /** Does what is due, until nothing is. */
  async keepUp(now = 0): Promise<void> {
    for (let round = 0; round < 5; round++) {
      const due = upkeep(this.admin, now)
      if (due.length === 0) return
      await this.take(due)
    }
    throw new Error("something is due again and again")
  }

  /** Lets somebody in, beside the epoch; returns who. Others learn of it when they are told. */
  async letIn(role: "edit" | "view"): Promise<Membership> {
    const { standing, membership } = this
    if (typeof standing === "string") throw new Error(standing)
    const given = giveGrant(role, `a ${role} link`, this.keys, standing, membership.docId, this.#random)
    await this.take([given.certificate])
    return {
      ...membership,
      grantSecret: given.grantSecret,
      seatSeed: this.#random(32),
      rootSeed: null,
    }
  }

  /** A device that joins with a membership and what this one holds. */
  async join(membership: Membership): Promise<Holder> {
    return new Holder(membership, await copyOf(this.certificates), this.#random)
  }

  /** Makes somebody new an admin. */
  async makeAdmin(): Promise<Holder> {
    const membership = {
      ...this.membership,
      grantSecret: this.#random(32),
      seatSeed: this.#random(32),
      rootSeed: null,
    }
    await this.change({
      list: [{ ...grantKeysOf(membership.grantSecret), role: "admin", label: "an admin", notAfter: null }],
    })
    return this.join(membership)
  }
}

export async function copyOf(certificates: Certificates): Promise<Certificates> {
  const [genesis = new Uint8Array(0), ...rest] = certificates.all()
  const copy = await Certificates.found(genesis, verify)
  for (const bytes of rest) await copy.add(bytes)
  return copy
}

/** The founder's device. All of it comes from one seed. */
export async function found(seed: number): Promise<Holder> {
  const random = chance(seed)
  const { membership, certificates } = foundDocument(random)
  const [genesis = new Uint8Array(0), ...rest] = certificates
  const known = await Certificates.found(genesis, verify)
  for (const bytes of rest) await known.add(bytes)
  return new Holder(membership, known, random)
}
