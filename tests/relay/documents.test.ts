// Documents are opened when they are asked for, shared, and closed when the room is needed: nobody who holds one
// notices, and nothing is lost by it.
import { afterEach, describe, expect, test } from "vitest"
import { realWorld } from "../../src/bytes/world"
import { Database } from "../../src/relay/database"
import { Documents } from "../../src/relay/documents"
import { DEFAULT_LIMITS, type Limits } from "../../src/relay/settings"
import { Store } from "../../src/relay/store"
import { foundDocument, type Member, verify } from "../unit/sync/world"
import { atEnd, closeAll, temporaryFolder } from "./run"

afterEach(closeAll)

function open(limits: Partial<Limits> = {}) {
  const database = new Database(temporaryFolder(), realWorld, 0)
  atEnd(() => database.close())
  const store = new Store(database)
  return { store, documents: new Documents(store, verify, { ...DEFAULT_LIMITS, ...limits }, () => undefined) }
}

async function begun(documents: Documents, seed: number) {
  const document = await foundDocument(seed)
  const held = await documents.open(document.docId)
  await held.found(document.certificates.all())
  return { document, held }
}

/** What others need to believe in a member. */
function certificatesOf({ grantCertificate, seatCertificate }: Member): Uint8Array[] {
  return grantCertificate ? [grantCertificate, seatCertificate] : [seatCertificate]
}

describe("a document", () => {
  test("that was never begun is forgotten when it is given back", async () => {
    const { documents } = open()
    const document = await foundDocument(1)
    const held = await documents.open(document.docId)
    expect(held.keeper).toBeNull()
    held.release()
    held.release()
    expect(documents.openCount).toBe(0)
  })

  test("is one for all who ask, and begun once", async () => {
    const { documents } = open()
    const document = await foundDocument(2)
    const [first, second] = await Promise.all([
      documents.open(document.docId),
      documents.open(document.docId),
    ])
    const keepers = await Promise.all([
      first.found(document.certificates.all()),
      second.found(document.certificates.all()),
    ])
    expect(keepers[0]).toBe(keepers[1])
    expect(first.keeper).toBe(second.keeper)
  })

  test("that cannot be begun can be begun by the next", async () => {
    const { documents } = open()
    const [document, other] = [await foundDocument(3), await foundDocument(4)]
    const held = await documents.open(document.docId)
    const mixed = [...document.certificates.all(), ...other.certificates.all().slice(1)]
    await expect(held.found(mixed)).rejects.toThrow("wrong-document")
    expect(held.keeper).toBeNull()
    await held.found(document.certificates.all())
    expect(held.keeper?.docId).toBe(document.docId)
  })

  test("is begun by whoever brings it well, though another brings nonsense at the same time", async () => {
    const { documents } = open()
    const [document, other] = [await foundDocument(12), await foundDocument(13)]
    const [first, second] = [await documents.open(document.docId), await documents.open(document.docId)]
    const nonsense = [...document.certificates.all(), ...other.certificates.all()]
    const results = await Promise.allSettled([
      first.found(nonsense),
      second.found(document.certificates.all()),
    ])
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"])
    expect(first.keeper).toBe(second.keeper)
  })

  test("that is open in somebody's hands stays open, however many others come", async () => {
    const { documents } = open({ idleDocumentsMax: 1 })
    const { held } = await begun(documents, 5)
    const keeper = held.keeper
    for (const seed of [6, 7, 8]) (await begun(documents, seed)).held.release()
    expect(documents.openCount).toBe(2)
    expect(held.keeper).toBe(keeper)
  })

  test("that was closed for want of room is opened again with all that is in it", async () => {
    const { documents } = open({ idleDocumentsMax: 0 })
    const { document, held } = await begun(documents, 9)
    const first = held.keeper
    const writing = document.write(document.admin)
    const accepted = await first?.accept([writing.seal().bytes, writing.seal().bytes], "test")
    held.release()
    // Nobody waited for the disk: closing does.
    const again = await documents.open(document.docId)
    await accepted?.durable
    expect(again.keeper).not.toBe(first)
    expect(again.keeper?.log.heads().map(({ seq }) => seq)).toEqual([1])
  })

  test("that takes much room is closed sooner", async () => {
    const { documents } = open({ idleBytesMax: 1 })
    ;(await begun(documents, 10)).held.release()
    expect(documents.openCount).toBe(0)
  })
})

describe("a quota that is used up", () => {
  test("refuses by name what would be stored, lets in who only reads, and does not bar the way to what is there", async () => {
    const { store, documents } = open({
      documentBytesMax: 4_000,
      grantsPerDocumentQuota: 4,
      idleDocumentsMax: 0,
    })
    const { document, held } = await begun(documents, 11)
    const editor = await document.invite("edit")
    await held.keeper?.addCertificates(certificatesOf(editor))
    const writing = document.write(editor)
    const sealed = [writing.seal(), writing.seal(1_000), writing.seal(1_000)]
    const first = await held.keeper?.accept(
      [sealed[0], sealed[1]].flatMap(one => one?.bytes ?? []),
      "test",
    )
    await first?.durable
    const refused = await held.keeper?.accept([sealed[2]?.bytes ?? new Uint8Array()], "test")
    expect(refused?.appended).toEqual([])
    expect(refused?.refused).toMatchObject([
      { reason: "quota", message: expect.stringContaining("one grant") },
    ])
    // Another grant still has its share, and somebody who was let in now can be seated.
    const byAdmin = await held.keeper?.accept([document.write(document.admin).seal().bytes], "test")
    expect(byAdmin?.refused).toEqual([])
    await byAdmin?.durable
    const viewer = await document.invite("view")
    const seated = await held.keeper?.addCertificates(certificatesOf(viewer))
    expect(seated?.refused).toEqual([])
    await seated?.durable
    held.release()
    const again = await documents.open(document.docId)
    expect(again.keeper?.log.sessions().length).toBe(2)
    expect(store.document(document.docId).grantBytes(editor.grant.publicKey)).toBeGreaterThan(1_000)
  })
})
