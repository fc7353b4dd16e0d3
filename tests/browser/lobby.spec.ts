// Who lurks in a lobby: somebody who once saw a document's link can say anything there, under any name, and can reach
// the devices in it. Nothing of that may stop honest people from meeting, and nothing may escape as an exception.
import { join, share, shows, start, write } from "./app"
import { ALONE, type Browser, expect, expectQuiet, NETWORK_LOSS, type Page, test, waitFor } from "./harness"
import { lurk } from "./lurker"
import { cutSync } from "./ways"

const CONNECTIONS_MAX = 20
/** What a page looks for, and the few more that it takes from those who were told of it. */
const CONNECTIONS_WITH_SPARE = 25
const SHUT = [...NETWORK_LOSS, /\/sync/]

test(
  "ghosts that fill a lobby keep an honest person out for 25 seconds at most",
  ALONE,
  async ({ relay, startDevice }) => {
    const [ana, bo] = [await startDevice(), await startDevice()]
    for (const { context } of [ana, bo]) await cutSync(context)
    await start(ana.page, relay.url)
    await ana.page.keyboard.type("A full house")
    const link = await share(ana.page, "edit", "Ana")
    const lurker = await lurk(relay.url, link)
    await announced(lurker.heard)
    const since = Date.now()
    for (let ghost = 0; ghost < CONNECTIONS_MAX + 5; ghost++)
      await lurker.say({ type: "announce", from: `ghost-${ghost}` })
    await waitFor(async () => (await connections(ana.page)) >= CONNECTIONS_MAX, {
      what: "the lobby to be full",
    })
    expect(await connections(ana.page)).toBe(CONNECTIONS_MAX)
    await bo.page.goto(link)
    await shows(bo.page, "A full house", 60_000)
    const keptOutMs = Date.now() - since
    console.log(`ghosts kept an honest person out for ${(keptOutMs / 1000).toFixed(1)} s`)
    expect(keptOutMs).toBeLessThan(25_000)
    lurker.close()
    expectQuiet(ana.page, SHUT)
  },
)

test("forged offers make no more connections than there is room for", async ({ relay, startDevice }) => {
  const ana = await startDevice()
  await cutSync(ana.context)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Knock, knock")
  const link = await share(ana.page, "edit", "Ana")
  const lurker = await lurk(relay.url, link)
  const to = await announced(lurker.heard)
  const sdp = await ana.page.evaluate(async () => {
    const connection = new RTCPeerConnection()
    connection.createDataChannel("x")
    return (await connection.createOffer()).sdp ?? ""
  })
  const before = await connections(ana.page)
  for (let ghost = 0; ghost < 2 * CONNECTIONS_WITH_SPARE; ghost++) {
    const from = `ghost-${ghost}`
    await lurker.say({ type: "signal", from, to, token: ghost, signal: { type: "offer", sdp } })
  }
  await waitFor(async () => (await connections(ana.page)) - before >= CONNECTIONS_WITH_SPARE, {
    what: "ghosts",
  })
  await ana.page.waitForTimeout(1_000)
  expect((await connections(ana.page)) - before).toBe(CONNECTIONS_WITH_SPARE)
  lurker.close()
  expectQuiet(ana.page, SHUT)
})

test("garbage on signalling escapes nowhere, and everybody is still heard", async ({
  relay,
  startDevice,
}) => {
  const [ana, bo] = [await startDevice(), await startDevice()]
  for (const { context } of [ana, bo]) await cutSync(context)
  const inject = await wiretap(ana)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Undisturbed")
  const link = await share(ana.page, "edit", "Ana")
  const lurker = await lurk(relay.url, link)
  const to = await announced(lurker.heard)
  for (const content of [
    null,
    7,
    "",
    "%%%",
    "AAAA",
    "QUVTLUdDTQ==",
    { type: "announce" },
    [[]],
    "A".repeat(60_000),
  ])
    lurker.sayRaw(content)
  const named = { from: "ghost", to }
  const steps: unknown[] = [
    undefined,
    null,
    5,
    "offer",
    {},
    { type: "offer" },
    { type: "offer", sdp: 5 },
    { type: "offer", sdp: "v=0" },
    { type: "offer", sdp: `v=0\r\na=fingerprint:sha-256 ${"AB:".repeat(31)}AB\r\n` },
    { type: "answer", sdp: `v=0\r\na=fingerprint:sha-256 ${"AB:".repeat(31)}AB\r\n` },
    { type: "candidate" },
    { type: "candidate", candidate: { candidate: 5 } },
    {
      type: "candidate",
      candidate: { candidate: "candidate:no such thing", sdpMid: "9", sdpMLineIndex: -1 },
    },
    { renegotiate: true },
    { type: "transceiverRequest", transceiverRequest: { kind: "video" } },
  ]
  for (const said of [null, 5, "announce", [], {}, { type: "announce" }, { type: "announce", from: {} }])
    await lurker.say(said)
  for (const [index, signal] of steps.entries()) {
    await lurker.say({ type: "signal", ...named, signal })
    await lurker.say({ type: "signal", ...named, from: `ghost-${index}`, token: "later", signal })
  }
  // The same once more to a connection that is being made.
  await lurker.say({ type: "announce", from: "ghost" })
  for (const signal of steps) await lurker.say({ type: "signal", ...named, signal })
  // And from a server that has lost its mind.
  for (const words of ["", "{", "null", "5", '"pong"', '{"type":"publish"}', '{"type":"publish","topic":5}'])
    inject(words)
  inject(JSON.stringify({ type: "publish", topic: lurker.topic, data: {} }))
  await join(bo.page, link)
  await shows(bo.page, "Undisturbed", 30_000)
  await write(bo.page, ", still")
  await shows(ana.page, "Undisturbed, still")
  lurker.close()
  for (const { page } of [ana, bo]) expectQuiet(page, SHUT)
})

test("garbage on the channels ends that connection, and nobody else's", async ({ relay, startDevice }) => {
  const [ana, bo, cleo] = [await startDevice(), await startDevice(), await startDevice()]
  for (const { context } of [ana, bo, cleo]) await cutSync(context)
  await keepChannels(bo)
  await start(ana.page, relay.url)
  await ana.page.keyboard.type("Undisturbed")
  const link = await share(ana.page, "edit", "Ana")
  await join(cleo.page, link)
  await shows(cleo.page, "Undisturbed")
  await join(bo.page, link)
  await shows(bo.page, "Undisturbed")
  for (const label of ["y-webrtc's own", "bulk", "live"]) {
    const closed = await bo.page.evaluate(async label => {
      const { channels } = window as unknown as { channels: RTCDataChannel[] }
      const ours = (channel: RTCDataChannel) => channel.label === "live" || channel.label === "bulk"
      const isChosen = (channel: RTCDataChannel) =>
        channel.readyState === "open" && (ours(channel) ? channel.label === label : label.startsWith("y"))
      // Where garbage has ended a connection, the two first have to find each other again.
      for (let waits = 0; waits < 80 && !channels.some(isChosen); waits++)
        await new Promise(resolve => setTimeout(resolve, 250))
      const chosen = channels.filter(isChosen)
      for (const channel of chosen)
        for (const length of [1, 7, 300, 16_000, 40_000])
          channel.send(crypto.getRandomValues(new Uint8Array(length)))
      await new Promise(resolve => setTimeout(resolve, 1_500))
      return chosen.map(({ readyState }) => readyState)
    }, label)
    expect(closed.length).toBeGreaterThan(0)
    if (label.startsWith("y")) expect(new Set(closed)).toEqual(new Set(["open"]))
  }
  await write(ana.page, ", and still")
  await shows(cleo.page, "Undisturbed, and still")
  await write(cleo.page, " here")
  await shows(ana.page, "and still here")
  for (const { page } of [ana, cleo]) expectQuiet(page, SHUT)
})

/** How many connections of a page are not closed. */
function connections(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...(window.peerSwitch?.connections ?? [])].filter(
        ({ connectionState }) => connectionState !== "closed",
      ).length,
  )
}

/** The name under which somebody is in the lobby, who announces it within half a minute. */
async function announced(heard: readonly unknown[]): Promise<string> {
  return waitFor(
    () => {
      for (const said of heard)
        if (typeof said === "object" && said !== null && "type" in said && said.type === "announce")
          return String("from" in said ? said.from : "")
      return null
    },
    { what: "somebody to announce themselves", timeoutMs: 40_000 },
  )
}

/** Lets a test say something to a page in the signalling server's place. */
async function wiretap({ context }: Browser): Promise<(words: string) => void> {
  let say: (words: string) => void = () => undefined
  await context.routeWebSocket(/\/signal$/, socket => {
    socket.connectToServer()
    say = words => socket.send(words)
  })
  return words => say(words)
}

/** Keeps every data channel of a page in `window.channels`: what a hostile program has in its hands. */
async function keepChannels({ context }: Browser): Promise<void> {
  await context.addInitScript(() => {
    const channels: RTCDataChannel[] = []
    Object.assign(window, { channels })
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        this.addEventListener("datachannel", ({ channel }) => channels.push(channel))
      }
      override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, init)
        channels.push(channel)
        return channel
      }
    }
  })
}
