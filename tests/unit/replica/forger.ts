// A member with every right and no scruples: seals whatever it is told to, under true signatures.
import { idBytes, NO_ENVELOPE } from "../../../src/bytes/ids"
import type { World } from "../../../src/bytes/world"
import { signingKey } from "../../../src/crypto/signing"
import { keysOf, type Membership, standingOf } from "../../../src/people/membership"
import { clientIdOf, encodeSession, sessionIdOf } from "../../../src/records/certificate"
import type { Certificates } from "../../../src/records/certificates"
import { CHANNELS, type Channel, encodeEnvelope } from "../../../src/records/envelope"
import type { Special } from "../../../src/records/header"
import type { Head, Plain } from "../../../src/records/plain"
import { envelopeKey, sealPlain } from "../../../src/replica/sealing"
import { specialOf } from "../../vectors/envelope"

export interface Forger {
  readonly clientId: number
  /** The envelope that opens the session, then whatever `plain` says, of a kind of its own. Each comes with its head. */
  seal(plain?: Partial<Plain>, special?: Special): { readonly bytes: Uint8Array; readonly head: Head }
  /** A body that nobody can open. */
  sealGarbage(): { readonly bytes: Uint8Array; readonly head: Head }
}

export function forger(
  membership: Membership,
  certificates: Certificates,
  random: World["random"],
  channel: Channel = CHANNELS.body,
): Forger {
  const keys = keysOf(membership)
  const standing = standingOf(membership, keys, certificates)
  if (typeof standing === "string") throw new Error(standing)
  const { epoch, viewKey } = standing
  const { docId } = membership
  const key = signingKey(random(32))
  const sessionId = sessionIdOf(key.publicKey)
  const bodyKey = envelopeKey(viewKey, { docId, channel, epoch, sessionId })
  const ids: Head["id"][] = []
  const finish = (body: Uint8Array, special?: Special) => {
    const seq = ids.length
    const session = { docId, epoch, seat: keys.seatHash, sessionPub: key.publicKey }
    const { bytes, id } = encodeEnvelope(
      {
        ...(special ?? specialOf(seq, encodeSession(session, keys.seat))),
        docId,
        channel,
        epochPrefix: idBytes(epoch).subarray(0, 16),
        sessionId,
        seq,
        prev: ids.at(-1) ?? NO_ENVELOPE,
      },
      body,
      key,
    )
    ids.push(id)
    return { bytes, head: { sessionId, seq, id } }
  }
  return {
    clientId: clientIdOf(docId, keys.grant.publicKey, key.publicKey),
    seal(plain = {}, special) {
      const whole: Plain = { payload: new Uint8Array(0), deps: [], lamport: ids.length + 1, at: 0, ...plain }
      return finish(sealPlain(whole, bodyKey, random), special)
    },
    sealGarbage: () => finish(random(200)),
  }
}
