// Somebody with a link to read: sees everything live and changes nothing, not with the app and not with a client of
// their own that signs with what the link gives them, replays, alters, splices and re-orders.
import { webcrypto } from "node:crypto"
import { idBytes, NO_ENVELOPE } from "../../src/bytes/ids"
import { realWorld } from "../../src/bytes/world"
import { createVerify, sign, signingKey, webCryptoVerify } from "../../src/crypto/signing"
import { Keeper } from "../../src/log/keeper"
import { MemoryStore } from "../../src/log/memory"
import { parseLink } from "../../src/people/link"
import { keysOf } from "../../src/people/membership"
import { encodeSession, sessionIdOf } from "../../src/records/certificate"
import { CHANNELS, encodeEnvelope, KINDS } from "../../src/records/envelope"
import { encodeMessage } from "../../src/sync/codec"
import { connect } from "../../src/sync/exchange"
import type { Link } from "../../src/sync/link"
import { Notary } from "../../src/sync/notary"
import type { Report } from "../../src/sync/shelf"
import { socketLink } from "../relay/client"
import { agree, EDITOR, join, share, shows, stands, start, text, write } from "./app"
import { expect, test, waitFor } from "./harness"

test("a reader sees everything live, and their keys change nothing", async ({ relay, startDevice }) => {
  const ana = (await startDevice()).page
  const bo = (await startDevice()).page
  await start(ana, relay.url)
  await ana.keyboard.type("Read only, please.")
  await join(bo, await share(ana, "read", "Ana"))
  await shows(bo, "Read only, please.")
  await write(ana, " And now more.")
  await shows(bo, "And now more.")

  await expect(bo.locator(EDITOR)).toHaveAttribute("contenteditable", "false")
  await bo.locator(EDITOR).click()
  await bo.keyboard.type("vandal")
  await bo.evaluate(selector => {
    // What an extension, or a person with the developer tools, would try.
    const editor = document.querySelector<HTMLElement>(selector)
    editor?.setAttribute("contenteditable", "true")
    editor?.focus()
    document.execCommand("insertText", false, "vandal")
  }, EDITOR)
  await write(ana, " The end.")
  await shows(bo, "The end.")
  expect(await text(ana)).toBe("Read only, please. And now more. The end.")
  await agree([ana, bo])
})

test("a reader with a client of their own is refused by name, and nothing changes", async ({
  relay,
  startDevice,
}) => {
  const ana = (await startDevice()).page
  await start(ana, relay.url)
  await ana.keyboard.type("These words stay.")
  const link = await share(ana, "read", "Ana")
  await stands(ana, /relay|places|1 other/i)

  const reader = await readerClient(relay.url, link)
  const keeper = await reader.keeper()
  const own = keysOf(reader.membership)
  const honest = await keeper.read(
    { sessionId: keeper.log.sessions()[0]?.sessionId ?? fail(), from: 0, to: 1 },
    1e6,
  )
  const [open, first] = honest
  if (!open || !first) throw new Error("the reader was given nothing to play with")

  const session = signingKey(webcrypto.getRandomValues(new Uint8Array(32)))
  const epoch = keeper.certificates.current ?? fail()
  const forged = encodeEnvelope(
    {
      kind: KINDS.open,
      docId: keeper.docId,
      channel: CHANNELS.body,
      epochPrefix: idBytes(epoch.hash).subarray(0, 16),
      sessionId: sessionIdOf(session.publicKey),
      seq: 0,
      prev: NO_ENVELOPE,
      sessionCertificate: encodeSession(
        { docId: keeper.docId, epoch: epoch.hash, seat: own.seatHash, sessionPub: session.publicKey },
        own.seat,
      ),
    },
    webcrypto.getRandomValues(new Uint8Array(168)),
    session,
  )
  // A genuine envelope whose body was exchanged still has its id: it is known already, and passed over unread.
  const attempts: readonly (readonly [name: string, envelope: Uint8Array, reasons: readonly string[]])[] = [
    ["signs with the view grant", forged.bytes, ["no-right"]],
    ["alters a header", altered(first, 10), ["wrong-document"]],
    [
      "alters the place in a chain",
      altered(first, 76),
      ["unknown-session", "damaged", "fork", "bad-signature"],
    ],
    ["cuts one short", first.slice(0, -5), ["damaged"]],
    [
      "splices the start of one to the end of another",
      spliced(first, open),
      ["damaged", "bad-signature", "fork"],
    ],
  ]
  for (const [name, envelope, reasons] of attempts) {
    const refusal = await reader.tries(envelope, name)
    expect(reasons, `${name}: ${refusal}`).toContain(refusal)
  }
  await reader.says(altered(first, -1))
  // Replayed and re-ordered, what is genuine changes nothing and is passed over.
  await reader.says(first, open, first)
  await write(ana, " And more.")
  await stands(ana, /relay|places|1 other/i)
  expect(await text(ana)).toBe("These words stay. And more.")
  const bo = (await startDevice()).page
  await join(bo, link)
  await shows(bo, "These words stay. And more.")
})

/** A program that follows a link without our app, and says what it likes on the way. */
async function readerClient(url: string, address: string) {
  const { docId, grantSecret } = parseLink(address)
  const membership = {
    docId,
    grantSecret,
    seatSeed: webcrypto.getRandomValues(new Uint8Array(32)),
    rootSeed: null,
    epochPrefix: null,
    grantCertificate: null,
  }
  const keys = keysOf(membership)
  const verify = await createVerify(webCryptoVerify)
  const session = async () => {
    let keeper: Keeper | null = null
    const reports: Report[] = []
    const link: Link = await socketLink(new URL("/sync", url.replace("http", "ws")).href)
    const shelved = {
      docId,
      get keeper() {
        return keeper
      },
      seat: {
        seatPub: keys.seat.publicKey,
        certificate: keys.seatCertificate,
        grantCertificate: null,
        sign: (kind: "proof" | "stored", bytes: Uint8Array) => sign(kind, bytes, keys.seat),
      },
      found: async (certificates: readonly Uint8Array[]) => {
        keeper = await Keeper.found(new MemoryStore(), verify, certificates)
        return keeper
      },
    }
    const exchange = connect(
      link,
      { documents: () => [shelved], onChange: () => () => undefined, look: null },
      {
        name: "reader",
        world: realWorld,
        verify,
        kind: "peer",
        relayKey: null,
        expectedRelayKey: null,
        binding: new Uint8Array(0),
        notary: new Notary(realWorld, 0),
        report: report => reports.push(report),
      },
    )
    await waitFor(() => reports.some(report => report.kind === "caught-up"), {
      what: "the reader to be served",
    })
    return { keeper: () => keeper, link, reports, exchange }
  }
  let current = await session()
  const says = async (...envelopes: Uint8Array[]) => {
    current.link.send(encodeMessage({ type: "envelopes", slot: 0, answer: false, envelopes }))
  }
  return {
    membership,
    keeper: async () => current.keeper() ?? fail(),
    says,
    /** Sends one envelope, and gives the relay's reason for not taking it. Bad signatures end the link: it redials. */
    async tries(envelope: Uint8Array, name: string): Promise<string> {
      const before = current.reports.length
      await says(envelope)
      const refusal = await waitFor(
        () => current.reports.slice(before).find(report => report.kind === "refused" && report.by === "them"),
        {
          what: `a refusal by name of who ${name}`,
          seen: () => current.reports.slice(before).map(({ kind }) => kind),
        },
      )
      const reason = refusal.kind === "refused" ? refusal.reason : "?"
      current.exchange.close("again")
      current = await session()
      return reason
    },
  }
}

function altered(bytes: Uint8Array, at: number): Uint8Array {
  const place = (at + bytes.length) % bytes.length
  return bytes.map((byte, index) => (index === place ? byte ^ 1 : byte))
}

function spliced(start: Uint8Array, end: Uint8Array): Uint8Array {
  return Buffer.concat([start.slice(0, 150), end.slice(150)])
}

function fail(): never {
  throw new Error("the scene is not as expected")
}
