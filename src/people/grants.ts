// Grants as an admin's device makes them: the key pair behind a secret, the capsule with an epoch's key, the label
// that members can read (protocol §2).
import type { PublicKey } from "../bytes/ids"
import {
  grantBoxKey,
  grantSigningSeed,
  KEY_BYTES,
  open,
  type Random,
  seal,
  sealCapsule,
} from "../crypto/sealing"
import { signingKey } from "../crypto/signing"
import type { Grant } from "../records/certificate"
import type { Role } from "../records/roles"
import type { Keyring } from "./keyring"

/** The public halves of a grant: all that others need to know of it. Box key: X25519, 32 bytes. */
export interface GrantKeys {
  readonly grantPub: PublicKey
  readonly boxPub: Uint8Array
}

/** The public halves of the grant behind a 32-byte secret. */
export function grantKeysOf(secret: Uint8Array): GrantKeys {
  return {
    grantPub: signingKey(grantSigningSeed(secret)).publicKey,
    boxPub: grantBoxKey(secret).publicKey,
  }
}

/** What a grant is to be. `label` is what members read of it: whose it is, or what it was made for. */
export interface Listed extends GrantKeys {
  readonly role: Role
  readonly label: string
  /** Wall clock ms, or null. */
  readonly notAfter: number | null
}

/** Lists a grant under the epoch that is read with `viewKey`: a host without a capsule, everybody else with one. */
export function listGrant(listed: Listed, viewKey: Uint8Array, random: Random): Grant {
  const { grantPub, boxPub, role, label, notAfter } = listed
  const capsule = role === "host" ? null : sealCapsule(viewKey, boxPub, random)
  const sealedLabel =
    label === "" ? new Uint8Array(0) : seal(new TextEncoder().encode(label), viewKey, random)
  return { grantPub, boxPub, role, capsule, sealedLabel, notAfter }
}

/** Lets a relay hold sealed copies: its own key is its grant, and it has nothing to open. */
export function hostKeys(relayKey: PublicKey): GrantKeys {
  return { grantPub: relayKey, boxPub: new Uint8Array(KEY_BYTES) }
}

/** Whether a grant is a relay's own key, which nobody can come by. */
export function isRelay({ role, boxPub }: Pick<Grant, "role" | "boxPub">): boolean {
  return role === "host" && boxPub.every(byte => byte === 0)
}

/** What a grant's label says: sealed under the key of the epoch that listed it, whichever of `keyring` that is. */
export function labelOf({ sealedLabel }: Pick<Grant, "sealedLabel">, keyring: Keyring): string {
  if (sealedLabel.length === 0) return ""
  for (const key of keyring.values()) {
    const bytes = open(sealedLabel, key)
    if (bytes) return new TextDecoder().decode(bytes)
  }
  return ""
}
