// Who may bring a document, who may fetch one, and who is told no: by name, every time.
import { afterEach, describe, expect, test } from "vitest"
import { DEFAULT_LIMITS } from "../../src/relay/settings"
import { decodeFrame } from "../../src/sync/codec"
import { until } from "../unit/links/place"
import { foundDocument, type Member, type TestDocument } from "../unit/sync/world"
import { join } from "./client"
import { closeAll, runRelay, type TestRelay } from "./run"

afterEach(closeAll)

/** A document that lists the relay as a host. */
async function documentAt(relay: TestRelay, seed: number): Promise<TestDocument> {
  const document = await foundDocument(seed)
  await document.host(relay.host)
  return document
}

const theySay = (reason: string) => (report: { by: string; reason: string }) =>
  report.by === "them" && report.reason === reason

describe("a document that is new to the relay", () => {
  const roles = ["comment", "suggest", "edit", "host"] as const
  for (const role of roles) {
    test(`is taken from somebody with the role ${role}`, async () => {
      const relay = await runRelay()
      const document = await documentAt(relay, 1)
      const member = await document.invite(role)
      const client = await join(relay, document, member)
      expect((await client.until("live")).by).toMatchObject({ role: "host", seatPub: relay.key })
      await client.until("caught-up")
    })
  }

  test("is taken from an admin, with all that is in it, and the relay signs for that", async () => {
    const relay = await runRelay()
    const document = await documentAt(relay, 2)
    const writing = document.write(document.admin)
    const client = await join(relay, document, document.admin)
    await client.add(writing.seal(), writing.seal(), writing.seal(100_000))
    await client.receipt(writing.sessionId, 2)
  })

  test("is not taken from a viewer", async () => {
    const relay = await runRelay()
    const document = await documentAt(relay, 3)
    const viewer = await document.invite("view")
    const client = await join(relay, document, viewer)
    const refused = await client.until("refused", theySay("no-right"))
    expect(refused.message).toContain("viewer")
  })

  test("is not taken from somebody whom nobody has listed", async () => {
    const relay = await runRelay()
    const document = await documentAt(relay, 4)
    const client = await join(relay, document, document.stranger())
    await client.until("refused", theySay("unknown-grant"))
  })

  test("is not taken when the relay is full, or has taken too many from that address", async () => {
    const limits = { ...DEFAULT_LIMITS, addressDocumentsPerHour: 1 }
    const relay = await runRelay({ limits })
    const [first, second] = [await documentAt(relay, 5), await documentAt(relay, 6)]
    await (await join(relay, first, first.admin)).until("live")
    const refused = await (await join(relay, second, second.admin)).until("refused", theySay("quota"))
    expect(refused.message).toContain("new documents an hour")

    const full = await runRelay({ limits: { ...DEFAULT_LIMITS, storeBytesMax: 0 } })
    const third = await documentAt(full, 7)
    await (await join(full, third, third.admin)).until("refused", theySay("quota"))
  })
})

describe("a document that the relay holds", () => {
  async function held(seed: number) {
    const relay = await runRelay()
    const document = await documentAt(relay, seed)
    const invited: Record<"edit" | "view", Member> = {
      edit: await document.invite("edit"),
      view: await document.invite("view"),
    }
    const writing = document.write(document.admin)
    const admin = await join(relay, document, document.admin)
    const sealed = [writing.seal(), writing.seal(), writing.seal()]
    await admin.add(...sealed)
    await admin.receipt(writing.sessionId, 2)
    return { relay, document, admin, writing, ...invited }
  }

  test("is given to a viewer who followed a link, and goes on arriving as it is written", async () => {
    const { relay, document, admin, writing, view } = await held(10)
    const viewer = await join(relay, document, view, { knows: "link" })
    await viewer.until("caught-up")
    const vector = () => viewer.keeper()?.log.vector()
    expect(vector()).toEqual(admin.keeper()?.log.vector())
    const arrived = new Promise<void>(resolve => viewer.keeper()?.onAppend(() => resolve()))
    await admin.add(writing.seal())
    await arrived
    expect(vector()).toEqual(admin.keeper()?.log.vector())
  })

  test("is not given to a stranger: neither certificates nor envelopes", async () => {
    const { relay, document } = await held(11)
    const stranger = await join(relay, document, document.stranger(), { knows: "link" })
    await stranger.until("refused", theySay("unknown-grant"))
    expect(stranger.keeper()).toBeNull()
    expect(stranger.reports.some(({ kind }) => kind === "live")).toBe(false)
  })

  test("is still there after a restart, and opens for the next who asks", async () => {
    const { relay, document, admin, edit } = await held(12)
    const vector = admin.keeper()?.log.vector()
    await relay.close()
    const again = await runRelay({ dataFolder: relay.dataFolder })
    expect(again.key).toEqual(relay.key)
    const editor = await join(again, document, edit, { knows: "link" })
    await editor.until("caught-up")
    expect(editor.keeper()?.log.vector()).toEqual(vector)
  })
})

test("a newcomer who came before the document did gets it as soon as it is there", async () => {
  const relay = await runRelay()
  const document = await documentAt(relay, 30)
  const newcomer = await join(relay, document, await document.invite("view"), { knows: "link" })
  await newcomer.until("met")
  const admin = await join(relay, document, document.admin)
  const writing = document.write(document.admin)
  await admin.add(writing.seal())
  await admin.receipt(writing.sessionId, 0)
  await until(() => newcomer.keeper()?.log.sessions().length === 1)
})

describe("presence", () => {
  test("is passed on to others in the document, and not back", async () => {
    const relay = await runRelay()
    const document = await documentAt(relay, 20)
    const [ana, ben] = [await document.invite("edit"), await document.invite("view")]
    const bytes = Uint8Array.of(1, 2, 3)
    /** A client that counts the presence which comes to it over the wire. */
    const present = async (member: Member) => {
      const heard: Uint8Array[] = []
      const client = await join(relay, document, member, {
        through: link => ({
          ...link,
          onMessage: f =>
            link.onMessage(frame => {
              for (const message of decodeFrame(frame))
                if (message.type === "presence") heard.push(message.bytes)
              f(frame)
            }),
        }),
      })
      await client.until("live")
      return { client, heard }
    }
    const [first, second] = [await present(ana), await present(ben)]
    // Presence is said again and again, and lost where nobody is heard yet: so the test says it again too.
    while (second.heard.length === 0) {
      first.client.exchange.presence(document.docId, bytes)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    expect(second.heard[0]).toEqual(bytes)
    expect(first.heard).toEqual([])
  })
})
