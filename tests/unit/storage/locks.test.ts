import { expect, test } from "vitest"
import { memoryLocks } from "../../../src/storage/locks"

test("a lock is held by one at a time and can be taken again when it was let go", async () => {
  const locks = memoryLocks()
  const release = await locks.take("session")
  expect(release).not.toBeNull()
  expect(await locks.take("session")).toBeNull()
  expect(await locks.take("another")).not.toBeNull()
  release?.()
  const again = await locks.take("session")
  expect(again).not.toBeNull()
  release?.() // letting go twice does not take it from the next holder
  expect(await locks.take("session")).toBeNull()
})

test("who stands in line is told when it is their turn, in order, and who leaves it is not", async () => {
  const locks = memoryLocks()
  const told: string[] = []
  const enter = (who: string, how: "wait" | "steal" = "wait") =>
    locks.enter("network", how, {
      onHeld: () => void told.push(`${who} has it`),
      onLost: () => void told.push(`${who} lost it`),
    })
  const leaveFirst = enter("first")
  const leaveSecond = enter("second")
  enter("third")
  await turn()
  expect(told).toEqual(["first has it"])
  leaveSecond()
  leaveFirst()
  await turn()
  expect(told).toEqual(["first has it", "third has it"])
  enter("fourth", "steal")
  await turn()
  expect(told.slice(2).sort()).toEqual(["fourth has it", "third lost it"])
  expect(await locks.held("net")).toEqual(["network"])
  expect(await locks.take("network")).toBeNull()
})

const turn = () => new Promise(resolve => setTimeout(resolve))
