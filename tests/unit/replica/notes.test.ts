// Notes between replicas: what is written arrives, what was sent survives, and who may not is refused.
import { beforeEach, describe, expect, test } from "vitest"
import { idOf, type SessionId } from "../../../src/bytes/ids"
import { threadsOf } from "../../../src/content/notes"
import { keysOf, type Membership } from "../../../src/people/membership"
import { CHANNELS, KINDS } from "../../../src/records/envelope"
import { encodeNotes, type NoteEvent, noteId } from "../../../src/records/note"
import { chance } from "../sync/world"
import { forger } from "./forger"
import { carry, Device, type Shared, share, type Tab, turns, until } from "./rig"

const ANCHOR = { start: null, end: null, quote: "words" }
const COMMENT: NoteEvent = { type: "add", anchor: ANCHOR, body: "Really?" }
const SUGGESTION: NoteEvent = { type: "suggest", anchor: ANCHOR, change: { kind: "text", pieces: [] } }
const NOTE = { kind: KINDS.note, vouches: [] } as const

let shared: Shared
let ana: Tab

beforeEach(async () => {
  shared = await share(31)
  ana = await new Device(shared, shared.founder, 32).open()
})

const threads = (tab: Tab) => threadsOf(tab.replica.notes.entries)
const bodies = (tab: Tab) =>
  threads(tab).map(({ first, replies }) => [first.body, ...replies.map(({ body }) => body)])

async function device(membership: Membership, seed: number): Promise<Tab> {
  await ana.keeper.addCertificates(shared.certificates)
  return new Device(shared, membership, seed).open()
}

describe("a comment", () => {
  test("is there at once, and for everybody once it was sealed; so are the answers", async () => {
    const cy = await device(shared.invite("comment"), 33)
    const { id, kept } = ana.replica.notes.write(COMMENT)
    expect(bodies(ana)).toEqual([["Really?"]])
    await kept
    expect(ana.replica.pending).toBe(true)
    ana.clock.advance(1_000)
    await until(() => !ana.replica.pending)
    await carry(ana, cy)
    expect(bodies(cy)).toEqual([["Really?"]])
    cy.replica.notes.write({ type: "reply", note: id, body: "Really." })
    cy.replica.notes.write({ type: "resolve", note: id, on: true })
    await cy.replica.flush()
    await carry(cy, ana)
    expect(threads(ana)).toEqual(threads(cy))
    expect(threads(ana)[0]).toMatchObject({ status: "resolved", first: { body: "Really?" } })
    for (const tab of [ana, cy]) expect(tab.replica.health).toMatchObject({ poison: [], waiting: 0 })
  })

  test("changes no word, and no word waits for it", async () => {
    const bo = await device(shared.invite("edit"), 34)
    ana.type(0, "words")
    ana.replica.notes.write(COMMENT)
    await ana.replica.flush()
    const body = ana.keeper.log.sessions().find(({ channel }) => channel === CHANNELS.body)
    if (!body) throw new Error("words were written")
    // Only the text is carried, and can be built upon.
    await bo.keeper.addCertificates(ana.keeper.certificates.all())
    const range = { sessionId: body.sessionId, from: 0, to: 99 }
    await (await bo.keeper.accept(await ana.keeper.read(range, 1e9), "by hand")).durable
    await bo.replica.settled()
    bo.type(5, " and more")
    await bo.replica.flush()
    await carry(bo, ana)
    expect([bo.text(), ana.text()]).toEqual(["words and more", "words and more"])
    expect(bo.replica.notes.entries).toEqual([])
  })

  test("waits for the notes that its writer had seen", async () => {
    const bo = await device(shared.invite("edit"), 35)
    const cy = await device(shared.invite("comment"), 36)
    const { id } = ana.replica.notes.write(COMMENT)
    await ana.replica.flush()
    await carry(ana, bo)
    bo.replica.notes.write({ type: "reply", note: id, body: "Yes" })
    await bo.replica.flush()
    await cy.keeper.addCertificates(bo.keeper.certificates.all())
    for (const { sessionId, seatPub } of bo.keeper.log.sessions()) {
      if (seatPub === ana.keeper.log.session(sessionId)?.seatPub) continue
      const bytes = await bo.keeper.read({ sessionId, from: 0, to: 99 }, 1e9)
      await (await cy.keeper.accept(bytes, "by hand")).durable
    }
    await cy.replica.settled()
    expect(cy.replica.health.waiting).toBeGreaterThan(0)
    expect(threads(cy)).toEqual([])
    await carry(ana, cy)
    expect(bodies(cy)).toEqual([["Really?", "Yes"]])
  })

  test("that was sent is not lost when the tab dies before it is sealed, at whatever step", async () => {
    const membership = shared.invite("comment")
    let sealedBySomebodyElse = 0
    for (let steps = 0; steps < 14; steps++) {
      const frail = new Device(shared, membership, 100 + steps)
      const tab = await frail.open()
      await tab.replica.notes.write(COMMENT).kept
      frail.crashAfter(steps)
      tab.replica.notes.write({ type: "sign", name: "Cy", colour: "moss" }).kept.catch(() => undefined)
      tab.clock.advance(1_000)
      await turns(10)
      const wasSealed = tab.keeper.log.sessions().some(({ channel }) => channel === CHANNELS.notes)
      frail.kill()
      const again = await frail.open()
      await again.replica.settled()
      // Nothing waits for notes, so they may come a moment after the text.
      await expect.poll(() => bodies(again), { message: `after ${steps} steps` }).toEqual([["Really?"]])
      await expect.poll(() => again.sessions.notesOf(shared.docId)).toEqual([])
      expect(again.replica.health).toMatchObject({ poison: [], fault: null })
      if (!wasSealed) sealedBySomebodyElse++
      const reader = await new Device(shared, shared.founder, 200 + steps).open()
      await carry(again, reader)
      expect(bodies(reader), `after ${steps} steps, elsewhere`).toEqual([["Really?"]])
      frail.kill()
    }
    expect(sealedBySomebodyElse).toBeGreaterThan(0)
  })

  test("that is still being written of a suggestion is one event, until it has left", async () => {
    const notes = ana.replica.notes
    const { id } = notes.write(SUGGESTION)
    for (const quote of ["a", "ab", "abc"])
      notes.write({
        type: "revise",
        note: id,
        anchor: { ...ANCHOR, quote },
        change: { kind: "text", pieces: [] },
      })
    expect(notes.entries).toHaveLength(1)
    await ana.replica.flush()
    await ana.replica.settled()
    notes.write({ type: "revise", note: id, anchor: ANCHOR, change: { kind: "text", pieces: [] } })
    expect(notes.entries).toHaveLength(2)
    expect(threads(ana)).toHaveLength(1)
  })
})

describe("forged edit by viewer or commenter", () => {
  const refused = async (envelopes: readonly { readonly bytes: Uint8Array }[]) => {
    const { refused } = await ana.keeper.accept(
      envelopes.map(({ bytes }) => bytes),
      "test",
    )
    return refused.map(({ reason }) => reason)
  }
  const as = async (role: "view" | "comment" | "suggest" | "edit", channel: 0 | 1) => {
    const member = shared.invite(role)
    await ana.keeper.addCertificates([...shared.certificates, keysOf(member).seatCertificate])
    return forger(member, ana.keeper.certificates, chance(41), channel)
  }

  test("a viewer opens no session, neither for words nor for notes", async () => {
    for (const channel of [CHANNELS.body, CHANNELS.notes])
      expect(await refused([(await as("view", channel)).seal()])).toEqual(["no-right"])
  })

  test("whoever may comment or suggest opens no session for words", async () => {
    for (const role of ["comment", "suggest"] as const)
      expect(await refused([(await as(role, CHANNELS.body)).seal()])).toEqual(["no-right"])
  })

  test("a commenter's session of notes carries no update", async () => {
    const evil = await as("comment", CHANNELS.notes)
    const update = [evil.seal(), evil.seal({}, { kind: KINDS.update, vouches: [] })]
    expect(await refused(update)).toEqual(["no-right"])
  })

  test("a commenter's suggestion is a plain comment, and their accepting changes nothing", async () => {
    const evil = await as("comment", CHANNELS.notes)
    const opening = evil.seal()
    const own = noteId(opening.head.sessionId, 0)
    const { id } = ana.replica.notes.write(SUGGESTION)
    await ana.replica.flush()
    await ana.replica.settled()
    const [of] = ana.keeper.log.heads().filter(head => head.sessionId !== opening.head.sessionId)
    if (!of) throw new Error("ana has a session")
    const events = encodeNotes([
      { ...SUGGESTION, change: { kind: "text", pieces: [{ kind: "text", text: "mine", formats: [] }] } },
      { type: "decide", note: own, on: true },
      { type: "decide", note: id, on: true },
    ])
    expect(await refused([opening, evil.seal({ payload: events, deps: [of], lamport: 3 }, NOTE)])).toEqual([])
    await until(() => threads(ana).length === 2)
    expect(threads(ana).map(({ change, status }) => [change === null, status])).toEqual(
      expect.arrayContaining([
        [true, "open"],
        [false, "open"],
      ]),
    )
  })

  test("nobody may write what their role does not allow through the app either", async () => {
    const vi = await device(shared.invite("view"), 51)
    const cy = await device(shared.invite("comment"), 52)
    expect(() => vi.replica.notes.write(COMMENT)).toThrow("may not")
    expect(() => cy.replica.notes.write(SUGGESTION)).toThrow("may not")
  })
})

describe("poison among the notes", () => {
  const NOBODY = idOf<SessionId>(new Uint8Array(16))
  const nothing = encodeNotes([COMMENT])
  const arrive = async (...plains: Parameters<ReturnType<typeof forger>["seal"]>[0][]) => {
    const member = shared.invite("comment")
    await ana.keeper.addCertificates([...shared.certificates, keysOf(member).seatCertificate])
    const evil = forger(member, ana.keeper.certificates, chance(61), CHANNELS.notes)
    const envelopes = [evil.seal(), ...plains.map(plain => evil.seal(plain, NOTE))]
    const { durable, refused } = await ana.keeper.accept(
      envelopes.map(({ bytes }) => bytes),
      "test",
    )
    expect(refused).toEqual([])
    await durable
    await ana.replica.settled()
    return ana.replica.health.poison.map(({ why }) => why)
  }

  test("honest notes by the same means are read", async () => {
    expect(await arrive({ payload: nothing })).toEqual([])
    expect(threads(ana)).toHaveLength(1)
  })

  test.each([
    ["a lamport time that was not next", { payload: nothing, lamport: 9 }, "lamport"],
    ["no event", { payload: Uint8Array.of(1, 0) }, "at least one"],
    ["a reply to a note that nobody wrote", [{ type: "reply", note: noteId(NOBODY, 0), body: "x" }], "seen"],
  ] as const)("%s is shown and changes nothing", async (_what, given, said) => {
    const plain = "length" in given ? { payload: encodeNotes(given) } : given
    expect((await arrive(plain)).join()).toContain(said)
    expect(threads(ana)).toEqual([])
  })

  test("notes and words do not name each other", async () => {
    ana.type(0, "words")
    await ana.replica.flush()
    const [words] = ana.keeper.log.heads()
    if (!words) throw new Error("words were written")
    expect(await arrive({ payload: nothing, deps: [words], lamport: 3 })).toEqual([
      "it names a session of the text",
    ])

    ana.replica.notes.write(COMMENT)
    await ana.replica.flush()
    const notes = ana.keeper.log
      .heads()
      .find(({ sessionId }) => ana.keeper.log.session(sessionId)?.channel === CHANNELS.notes)
    const member = shared.invite("edit")
    await ana.keeper.addCertificates([...shared.certificates, keysOf(member).seatCertificate])
    const evil = forger(member, ana.keeper.certificates, chance(71))
    const bad = evil.seal({ deps: notes ? [notes] : [] })
    await (await ana.keeper.accept([bad.bytes], "test")).durable
    await ana.replica.settled()
    expect(ana.replica.health.poison.map(({ why }) => why)).toContain("it names a session of notes")
  })
})
