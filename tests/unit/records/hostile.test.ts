// What a host, a peer or a thief can do with whole envelopes and the pieces of them: replay, re-order, splice across
// sessions, documents, channels and grants. Whatever they do, `readEnvelope` gives the envelope that was signed, in
// the session that signed it, or turns it away by name.
import fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import { FormatError, RefusedError } from "../../../src/bytes/errors"
import { type EnvelopeId, idOf } from "../../../src/bytes/ids"
import { concat } from "../../../src/bytes/writer"
import { H } from "../../../src/crypto/hash"
import {
  createVerify,
  type SigningKey,
  sign,
  type Verify,
  webCryptoVerify,
} from "../../../src/crypto/signing"
import { decodeSeat, encodeSeat, encodeSession, sessionIdOf } from "../../../src/records/certificate"
import { Certificates } from "../../../src/records/certificates"
import {
  type Header,
  type Known,
  readEnvelope,
  type Session,
  splitEnvelope,
} from "../../../src/records/envelope"
import { encodeHeader } from "../../../src/records/header"
import {
  assembled,
  grantKey,
  key,
  ours,
  records,
  seatOfBea,
  seatOfCy,
  seatOfVic,
  secret,
  theirs,
} from "../../vectors/world"
import { runs } from "../chance"
import { chain, type Document, Reader } from "./reader"

const bea = chain(ours, seatOfBea, key("seat of bea"), "bea one", 4)
const beaAgain = chain(ours, seatOfBea, key("seat of bea"), "bea two", 4)
const cy = chain(ours, seatOfCy, key("seat of cy"), "cy", 4)
const seatOfBeaThere = theirs.seat("bea")
const there = chain(theirs, seatOfBeaThere, key("seat of bea"), "bea one", 4)
const chains = [bea, beaAgain, cy, there]
const at = (envelopes: readonly Uint8Array[], index: number) => envelopes[index] ?? new Uint8Array(0)

let verify: Verify
beforeAll(async () => {
  verify = await createVerify(webCryptoVerify)
})

async function reader(document: Document = ours): Promise<Reader> {
  const certificates = await Certificates.found(document.genesis, verify)
  const others = document === ours ? Object.values(records) : [document.epoch, seatOfBeaThere]
  for (const bytes of others) await certificates.add(bytes)
  return new Reader(certificates, verify)
}

async function opened(): Promise<Reader> {
  const known = await reader()
  for (const { envelopes } of [bea, beaAgain, cy]) await known.read(at(envelopes, 0))
  return known
}

describe("whole envelopes", () => {
  test("replayed are the same envelopes, with the same id, in the same session", async () => {
    const known = await opened()
    for (const bytes of [...bea.envelopes, ...bea.envelopes]) {
      const envelope = await known.read(bytes)
      expect(envelope.session.grantPub).toBe(grantKey("bea").publicKey)
      expect(envelope.id).toBe(splitEnvelope(bytes).id)
      expect(envelope.bytes).toBe(bytes)
    }
  })

  test("in any order have the same verdict, once their session is open: their place is the log's", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...bea.envelopes.slice(1), ...cy.envelopes.slice(1)], { minLength: 6 }),
        async order => {
          const known = await opened()
          for (const bytes of order) expect(await known.verdict(bytes)).toBe("good")
        },
      ),
      runs(10),
    )
  })

  test("before their session is open are refused as of an unknown one, and good afterwards", async () => {
    const known = await reader()
    expect(await known.verdict(at(bea.envelopes, 2))).toBe("unknown-session")
    expect(await known.verdict(at(bea.envelopes, 0))).toBe("good")
    expect(await known.verdict(at(bea.envelopes, 2))).toBe("good")
  })

  test("of another document with the same people, seats and session keys are refused there and here", async () => {
    const [here, elsewhere] = [await opened(), await reader(theirs)]
    for (const bytes of there.envelopes) {
      expect(await here.verdict(bytes)).toBe("wrong-document")
      expect(await elsewhere.verdict(bytes)).toBe("good")
    }
    for (const bytes of bea.envelopes) expect(await elsewhere.verdict(bytes)).toBe("wrong-document")
  })

  test("whose certificates are not all known are refused by what is missing, and good once it is there", async () => {
    const certificates = await Certificates.found(ours.genesis, verify)
    const known = new Reader(certificates, verify)
    const first = at(cy.envelopes, 0)
    expect(await known.verdict(first)).toBe("unknown-epoch")
    await certificates.add(ours.epoch)
    expect(await known.verdict(first)).toBe("unknown-seat")
    await certificates.add(records["grant of Cy, edit"] ?? first)
    await certificates.add(seatOfCy)
    expect(await known.verdict(first)).toBe("good")
  })
})

describe("pieces of envelopes put together anew", () => {
  test("are good only as they were, whatever header, signature and body are joined", async () => {
    const known = await opened()
    const pieces = chains.flatMap(({ envelopes }, which) =>
      envelopes.map((bytes, seq) => ({ ...splitEnvelope(bytes), which, seq })),
    )
    for (const header of pieces)
      for (const signature of pieces)
        for (const body of pieces) {
          // Two foreign parts are no other test than one, and 4,096 checks take long.
          if (header !== signature && signature !== body && header !== body) continue
          const verdict = await known.verdict(assembled(header.headerBytes, signature.signature, body.body))
          if (header.which === 3) expect(verdict).toBe("wrong-document")
          else if (header !== signature) expect(verdict).toBe("bad-signature")
          else expect(verdict).toBe(header === body ? "good" : "bad-body-hash")
        }
  })

  test("with any one field of the header taken from another envelope, signature and body kept", async () => {
    const known = await opened()
    const source = splitEnvelope(at(bea.envelopes, 2))
    const fields: (keyof Header)[] = [
      "docId",
      "channel",
      "epochPrefix",
      "sessionId",
      "seq",
      "prev",
      "bodyHash",
    ]
    const others = [...beaAgain.envelopes, ...cy.envelopes, ...there.envelopes].map(splitEnvelope)
    for (const other of others)
      for (const field of fields) {
        const header: Header = { ...source.header, [field]: other.header[field] }
        const encoded = encodeHeader(header)
        if (Buffer.compare(encoded, source.headerBytes) === 0) continue
        const verdict = await known.verdict(assembled(encoded, source.signature, source.body))
        expect(["format", "wrong-document", "unknown-epoch", "bad-signature"]).toContain(verdict)
      }
  })
})

describe("a session", () => {
  const signedBy = (signer: SigningKey, header: Header, body: Uint8Array) => {
    const encoded = encodeHeader({ ...header, bodyHash: H(body), bodyBytes: body.length })
    return assembled(encoded, sign("env", encoded, signer), body)
  }

  test("is nobody else's to write in: not another session's, nor its own seat's, grant's or admin's", async () => {
    const known = await opened()
    const { header, body } = splitEnvelope(at(bea.envelopes, 1))
    const strangers = [cy.session, beaAgain.session, key("seat of bea"), grantKey("bea"), grantKey("admin")]
    for (const stranger of strangers)
      expect(await known.verdict(signedBy(stranger, header, body))).toBe("bad-signature")
    expect(await known.verdict(signedBy(bea.session, header, body))).toBe("good")
  })

  test("cannot be taken over by certifying its key for one's own seat: the opening must be signed by that key", async () => {
    const known = await reader()
    const stolen = encodeSession(
      {
        docId: ours.docId,
        epoch: ours.epochHash,
        seat: decodeSeat(seatOfCy).hash,
        sessionPub: bea.session.publicKey,
      },
      key("seat of cy"),
    )
    const { header, body } = splitEnvelope(at(bea.envelopes, 0))
    const forged = { ...header, sessionCertificate: stolen }
    expect(await known.verdict(signedBy(cy.session, forged, body))).toBe("bad-signature")
    expect(await known.verdict(signedBy(key("seat of cy"), forged, body))).toBe("bad-signature")
    const splice = splitEnvelope(at(bea.envelopes, 0))
    expect(await known.verdict(assembled(encodeHeader(forged), splice.signature, body))).toBe("bad-signature")
  })

  test("belongs to the grant of the seat that it names, also where another grant certified the same seat key", async () => {
    const known = await reader()
    // Cy certifies Bea's seat key; whichever of the two certificates the lookup by key prefers, hers is named.
    const claimed = encodeSeat(
      { docId: ours.docId, seatPub: key("seat of bea").publicKey, claimHash: null },
      grantKey("cy"),
    )
    await known.certificates.add(claimed)
    const { session } = await known.read(at(bea.envelopes, 0))
    expect(session.grantPub).toBe(grantKey("bea").publicKey)
    // Naming Cy's certificate takes Bea's seat key to sign, and makes another client of it.
    const other = encodeSession(
      {
        docId: ours.docId,
        epoch: ours.epochHash,
        seat: decodeSeat(claimed).hash,
        sessionPub: bea.session.publicKey,
      },
      key("seat of cy"),
    )
    const { header, body } = splitEnvelope(at(bea.envelopes, 0))
    const turned = { ...header, sessionCertificate: other }
    expect(await known.verdict(signedBy(bea.session, turned, body))).toBe("bad-signature")
  })

  test("of a viewer writes nothing, though everything is signed as it should be", async () => {
    const known = await reader()
    const vic = chain(ours, seatOfVic, key("seat of vic"), "vic", 2)
    expect(await known.verdict(at(vic.envelopes, 0))).toBe("no-right")
    expect(await known.verdict(at(vic.envelopes, 1))).toBe("unknown-session")
    // Even a reader that has come to know the session somehow holds it to its role.
    const session: Session = {
      sessionId: sessionIdOf(vic.session.publicKey),
      sessionPub: vic.session.publicKey,
      seat: decodeSeat(seatOfVic).hash,
      seatPub: key("seat of vic").publicKey,
      grantPub: grantKey("vic").publicKey,
      epoch: ours.epochHash,
      channel: 0,
      clientId: 1,
    }
    const knowing: Known = {
      certificates: known.certificates,
      session: () => session,
      isAdopted: () => false,
    }
    await expect(readEnvelope(at(vic.envelopes, 1), knowing, verify)).rejects.toMatchObject({
      reason: "no-right",
    })
  })

  test("of a host, or of a grant that nobody lists, cannot be opened", async () => {
    const known = await reader()
    const hostSeat = ours.seat("relay")
    await known.certificates.add(hostSeat)
    expect(
      await known.verdict(at(chain(ours, hostSeat, key("seat of relay"), "relay", 1).envelopes, 0)),
    ).toBe("no-right")
    const mallory = ours.seat("mallory")
    expect(
      await known.verdict(at(chain(ours, mallory, key("seat of mallory"), "mallory", 1).envelopes, 0)),
    ).toBe("unknown-seat")
  })

  test("stays in its channel", async () => {
    const known = await opened()
    const { header, body } = splitEnvelope(at(bea.envelopes, 1))
    expect(await known.verdict(signedBy(bea.session, { ...header, channel: 1 }, body))).toBe("no-right")
    const session = known.session(sessionIdOf(bea.session.publicKey))
    if (!session) throw new Error("the session was opened above")
    const elsewhere: Known = {
      certificates: known.certificates,
      session: () => ({ ...session, channel: 1 }),
      isAdopted: () => false,
    }
    await expect(readEnvelope(at(bea.envelopes, 1), elsewhere, verify)).rejects.toMatchObject({
      reason: "no-right",
    })
  })

  test("may move its chain anywhere in its own right: places, gaps and forks are the log's to see", async () => {
    const known = await opened()
    const { header, body } = splitEnvelope(at(bea.envelopes, 1))
    const far = signedBy(
      bea.session,
      { ...header, seq: 900, prev: idOf<EnvelopeId>(secret("nowhere")) },
      body,
    )
    expect(await known.verdict(far)).toBe("good")
  })
})

describe("order of work", () => {
  test("a large body is not hashed for a signature that does not hold", async () => {
    const known = await opened()
    const body = new Uint8Array(3 * 1024 * 1024)
    const { header } = splitEnvelope(at(bea.envelopes, 1))
    const encoded = encodeHeader({ ...header, bodyHash: secret("not its hash"), bodyBytes: body.length })
    const unsigned = assembled(encoded, sign("env", encoded, cy.session), body)
    expect(await known.verdict(unsigned)).toBe("bad-signature")
    expect(await known.verdict(assembled(encoded, sign("env", encoded, bea.session), body))).toBe(
      "bad-body-hash",
    )
  })

  test("and nothing is checked for another document's envelope", async () => {
    const certificates = (await reader()).certificates
    const never: Verify = async () => {
      throw new Error("a signature was checked")
    }
    const known: Known = { certificates, session: () => null, isAdopted: () => false }
    for (const bytes of [
      ...there.envelopes,
      at(bea.envelopes, 1),
      concat(at(bea.envelopes, 0), Uint8Array.of(0)),
    ])
      await expect(readEnvelope(bytes, known, never)).rejects.toSatisfy(
        error => error instanceof RefusedError || error instanceof FormatError,
      )
  })
})
