// A viewer with a modified client, and a stranger with a socket: whatever they send, it is refused by name, nothing
// of it is kept, and everybody else goes on.
import { afterEach, describe, expect, test } from "vitest"
import { encodeGrantCertificate } from "../../src/records/certificate"
import { encodeMessage } from "../../src/sync/codec"
import type { Link } from "../../src/sync/link"
import { chance, foundDocument, type TestDocument } from "../unit/sync/world"
import { type Client, join, socketLink } from "./client"
import { closeAll, runRelay } from "./run"

afterEach(closeAll)

/** An honest admin with three envelopes at the relay, and a viewer whose client says whatever we like. */
async function scene(seed: number) {
  const relay = await runRelay()
  const document = await foundDocument(seed)
  await document.host(relay.host)
  const view = await document.invite("view")
  const writing = document.write(document.admin)
  const admin = await join(relay, document, document.admin)
  const opening = writing.seal()
  const branch = writing.seal(300)
  writing.forget()
  const sealed = [opening, writing.seal(), writing.seal()]
  await admin.add(...sealed)
  await admin.receipt(writing.sessionId, 2)
  let link: Link | null = null
  const viewer = await join(relay, document, view, {
    through: inner => {
      link = inner
      return inner
    },
  })
  await viewer.until("caught-up")
  /** Sends envelopes past the viewer's own checks. */
  const send = (frame: Uint8Array) => link?.send(frame)
  const inject = (...envelopes: Uint8Array[]) =>
    send(encodeMessage({ type: "envelopes", slot: 0, answer: false, envelopes }))
  return { relay, document, admin, viewer, view, writing, sealed, branch, send, inject }
}

/** That the admin can go on and the relay goes on signing. */
async function goesOn({ admin, writing }: { admin: Client; writing: ReturnType<TestDocument["write"]> }) {
  const next = writing.seal()
  await admin.add(next)
  await admin.receipt(writing.sessionId, next.seq)
}

const flipped = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte))

const theySay = (reason: string) => (report: { by: string; reason: string }) =>
  report.by === "them" && report.reason === reason

describe("a viewer with a modified client", () => {
  test("cannot write with the viewer's own grant", async () => {
    const here = await scene(1)
    const forged = here.document.write(here.view)
    here.inject(forged.seal().bytes, forged.seal().bytes)
    await here.viewer.until("refused", theySay("no-right"))
    await goesOn(here)
    expect(here.admin.keeper()?.log.sessions().length).toBe(1)
  })

  test("cannot continue somebody else's session with a key of their own", async () => {
    const here = await scene(2)
    const foreign = here.document.write(here.view)
    foreign.seal()
    // The admin's place and signature, and a body of one's own behind them.
    const { bytes } = here.writing.seal()
    const spliced = bytes.slice()
    spliced.set(foreign.seal().bytes.slice(-160), bytes.length - 160)
    here.inject(spliced)
    await here.viewer.until("refused", theySay("bad-body-hash"))
    expect(here.relay.lines.some(line => line.includes("bad-body-hash"))).toBe(true)
  })

  test("that sends what is proven bad is dropped, while everybody else stays", async () => {
    const here = await scene(11)
    const next = here.writing.seal()
    here.inject(flipped(next.bytes, -1))
    expect((await here.viewer.exchange.ended).hostile).toBe(false) // its own end did nothing wrong
    await here.admin.add(next)
    await here.admin.receipt(here.writing.sessionId, next.seq)
  })

  test("cannot alter a body, a header or a signature", async () => {
    // Of 160 bytes of body behind 64 of signature: the last byte, one in the signature, one in the header.
    for (const [at, reasons] of [
      [-1, ["bad-body-hash"]],
      [-200, ["bad-signature"]],
      [-250, ["bad-signature", "damaged"]],
    ] as const) {
      const here = await scene(3)
      const next = here.writing.seal()
      here.inject(flipped(next.bytes, at))
      const refused = await here.viewer.until("refused", report => report.by === "them")
      expect(reasons).toContain(refused.reason)
      await here.admin.add(next)
      await here.admin.receipt(here.writing.sessionId, next.seq)
      await closeAll()
    }
  })

  test("cannot bring envelopes of another document into this one", async () => {
    const here = await scene(4)
    const other = await foundDocument(5)
    const foreign = other.write(other.admin)
    here.inject(foreign.seal().bytes)
    await here.viewer.until("refused", theySay("wrong-document"))
    await goesOn(here)
  })

  test("gains nothing by replaying and re-ordering what is there", async () => {
    const here = await scene(6)
    const bytes = here.sealed.map(sealed => sealed.bytes)
    here.inject(...bytes)
    here.inject(...bytes.toReversed())
    await goesOn(here)
    expect(here.viewer.reports.filter(({ kind }) => kind === "refused")).toEqual([])
    expect(
      here.admin
        .keeper()
        ?.log.vector()
        .map(({ seq }) => seq),
    ).toEqual([3])
  })

  test("may not sign a fork either: one place, one envelope", async () => {
    const here = await scene(7)
    // Signed by the admin's own session: only a restored or duplicated profile does that.
    here.inject(here.branch.bytes)
    await here.viewer.until("refused", theySay("fork"))
    await goesOn(here)
  })

  test("cannot raise itself or list others", async () => {
    const here = await scene(8)
    const epoch = here.document.certificates.current
    if (!epoch) throw new Error("the document has no epoch")
    const { docId } = here.document
    const forged = ["edit", "comment"].map(role =>
      encodeGrantCertificate(
        {
          docId,
          epoch: epoch.hash,
          grant: {
            grantPub: here.view.grant.publicKey,
            boxPub: chance(1)(32),
            role: role === "edit" ? "edit" : "comment",
            capsule: chance(2)(104),
            sealedLabel: new Uint8Array(0),
            notAfter: null,
          },
        },
        here.view.grant,
      ),
    )
    here.send(encodeMessage({ type: "certs", slot: 0, certificates: forged }))
    const own = here.document.write(here.view)
    here.inject(own.seal().bytes)
    await here.viewer.until("refused", theySay("no-right"))
    await goesOn(here)
    expect(here.admin.keeper()?.certificates.roleOf(here.view.grant.publicKey)).toBe("view")
  })

  test("cannot leave an end waiting for what it does not give", async () => {
    const here = await scene(12)
    const gap = here.document.write(here.document.admin)
    gap.seal()
    gap.seal()
    here.inject(gap.seal().bytes) // the relay asks for what is missing, and does not get it
    await goesOn(here)
  })
})

describe("garbage on /sync", () => {
  test("of any kind closes that socket and no other", async () => {
    const here = await scene(10)
    const seed = 20_261_121
    console.info(`seed ${seed}`)
    const random = chance(seed)
    for (let round = 0; round < 50; round++) {
      const link = await socketLink(`${here.relay.url}/sync`)
      const closed = new Promise<void>(resolve => link.onClose(() => resolve()))
      const length = ((random(1)[0] ?? 0) % 64) + 1
      link.send(random(length))
      link.send(random(length * 100))
      await closed
    }
    await goesOn(here)
  })
})
