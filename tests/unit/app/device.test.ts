// What the app knows of the browser it runs in: where an address leads, whether storage is kept, how it is installed.
import { expect, test } from "vitest"
import { pathOf, placeOf } from "../../../src/app/address"
import { Installer } from "../../../src/app/installing"
import { SCREENS } from "../../../src/app/model"
import { BrowserRoom } from "../../../src/app/room"

test("every screen has an address that leads back to it, and what leads nowhere leads home", () => {
  for (const screen of SCREENS) expect(placeOf(pathOf(screen))).toEqual({ at: screen })
  expect(placeOf("/d/abc")).toEqual({ at: "document", id: "abc" })
  expect(placeOf("/new")).toEqual({ at: "new" })
  for (const path of ["/nowhere", "/d/", "/d/a/b", "/join"]) expect(placeOf(path)).toEqual({ at: "home" })
})

test("the browser is asked once to keep what is here, and its answer is told as it is", async () => {
  const asked: string[] = []
  const room = new BrowserRoom({
    persisted: async () => asked.length > 1,
    persist: async () => asked.push("persist") > 1,
    estimate: async () => ({ usage: 5 }),
  })
  await room.keepOnce()
  await room.keepOnce()
  expect(asked).toHaveLength(1)
  expect(room.state.value).toEqual({ kept: false, usedBytes: 5, mostBytes: null })
  await room.keep()
  expect(room.state.value.kept).toBe(true)
})

test("where the browser says nothing of its storage, nothing is claimed", async () => {
  const room = new BrowserRoom(null)
  await room.keep()
  expect(room.state.value).toEqual({ kept: null, usedBytes: null, mostBytes: null })
})

test("an offer to install is kept until it is wanted, and taken once", async () => {
  const installer = new Installer({ standalone: false, isApple: false })
  expect(installer.way.value).toBe("none")
  let prompts = 0
  installer.offered({ prompt: async () => prompts++ })
  expect(installer.way.value).toBe("offered")
  await installer.install()
  await installer.install()
  expect(prompts).toBe(1)
  installer.installed()
  expect(installer.way.value).toBe("installed")
})

test("on a phone of Apple it is done by hand; from its own icon there is nothing to do", () => {
  expect(new Installer({ standalone: false, isApple: true }).way.value).toBe("by-hand")
  expect(new Installer({ standalone: true, isApple: true }).way.value).toBe("installed")
})
