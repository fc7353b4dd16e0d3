import { describe, expect, test } from "vitest"
import { Reader } from "../../../src/bytes/reader"
import { Writer } from "../../../src/bytes/writer"
import { indexed } from "../../../src/log/chain"
import { Keeper } from "../../../src/log/keeper"
import { type Log, readEntry, writeEntry } from "../../../src/log/log"
import { MemoryStore } from "../../../src/log/memory"
import { foundDocument, sealMany, type TestDocument, verify } from "../sync/world"

describe("two logs compared", () => {
  test("each says what the other lacks, from where it ends", async () => {
    const document = await foundDocument(21)
    const [first, second] = [document.write(document.admin), document.write(document.admin)]
    const [ofFirst, ofSecond] = [sealMany(first, 5), sealMany(second, 2)]
    const more = await logOf(document, ofFirst, ofSecond)
    const less = await logOf(document, ofFirst.slice(0, 2))
    const lacking = [
      { sessionId: first.sessionId, from: 2, to: 4 },
      { sessionId: second.sessionId, from: 0, to: 1 },
    ]
    expect(more.lackedBy(less.vector())).toEqual(lacking)
    expect(sorted(less.wantedFrom(more.vector()))).toEqual(sorted(lacking))
    expect(less.lackedBy(more.vector())).toEqual([])
    expect(more.wantedFrom(less.vector())).toEqual([])
  })

  test("equal logs have equal digests, whatever the order in which they grew", async () => {
    const document = await foundDocument(22)
    const chains = [1, 2, 3].map(count => sealMany(document.write(document.admin), count))
    const one = await logOf(document, ...chains)
    const other = await logOf(document, ...chains.toReversed())
    expect(one.digest()).toEqual(other.digest())
    const shorter = await logOf(document, ...chains.slice(1))
    expect(shorter.digest()).not.toEqual(one.digest())
  })

  test("a fork is seen where both reach, and nothing is asked for beyond it", async () => {
    const document = await foundDocument(23)
    const writing = document.write(document.admin)
    const trunk = sealMany(writing, 2)
    const branch = writing.seal().bytes
    writing.forget()
    const otherBranch = sealMany(writing, 3)
    const one = await logOf(document, [...trunk, branch])
    const other = await logOf(document, [...trunk, ...otherBranch])
    expect(other.forksWith(one.vector())).toEqual([{ sessionId: writing.sessionId, seq: 2 }])
    expect(other.lackedBy(one.vector())).toEqual([])
    expect(other.wantedFrom(one.vector())).toEqual([])
    expect(one.forksWith(one.vector())).toEqual([])
  })

  test("an entry is read as it was written", async () => {
    const document = await foundDocument(24)
    const [entry] = (await logOf(document, sealMany(document.write(document.admin), 3))).vector()
    if (!entry) throw new Error("there is one session")
    const writer = new Writer()
    writeEntry(writer, entry)
    expect(readEntry(new Reader(writer.end()))).toEqual(entry)
    expect(entry.seq).toBe(2)
  })
})

describe("a log that is asked for what it must not do", () => {
  test("says in words that an envelope is not next", async () => {
    const document = await foundDocument(25)
    const keeper = await Keeper.found(new MemoryStore(), verify, document.certificates.all())
    const { appended } = await keeper.accept(sealMany(document.write(document.admin), 2), "test")
    const [opening] = appended
    if (!opening) throw new Error("two were appended")
    expect(() => keeper.log.append(opening)).toThrow("not next")
    expect(() => keeper.log.restore(opening.session, [indexed(opening)])).toThrow("twice")
    keeper.log.rollBack(opening.header.sessionId, 0)
    expect(keeper.log.heads()).toEqual([])
    expect(() => keeper.log.restore(opening.session, [])).toThrow("without")
  })
})

async function logOf(document: TestDocument, ...chains: Uint8Array[][]): Promise<Log> {
  const keeper = await Keeper.found(new MemoryStore(), verify, document.certificates.all())
  for (const chain of chains) await keeper.accept(chain, "test")
  return keeper.log
}

function sorted<T extends { sessionId: string }>(ranges: readonly T[]): T[] {
  return ranges.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))
}
