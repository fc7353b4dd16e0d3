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
