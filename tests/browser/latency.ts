// How long it takes: from a key pressed in one browser to the frame after it was drawn in another, and what nothing
// that travels between two browsers could be quicker than.
import type { Page } from "@playwright/test"
import { agree, EDITOR, shows } from "./app"
import { median, sleep } from "./wait"

/** Milliseconds from a key pressed at one to the frame after it was drawn at the other, key by key. */
export async function keyToPaint(from: Page, to: Page, keys: number, everyMs: number): Promise<number[]> {
  await from.locator(EDITOR).focus()
  await from.keyboard.press("ControlOrMeta+End")
  await from.keyboard.press("Enter")
  await agree([from, to])
  await to.evaluate(selector => {
    const editor = document.querySelector(selector)
    const paints: [length: number, at: number][] = []
    Object.assign(window, { paints })
    const observer = new MutationObserver(() => {
      const length = editor?.textContent?.length ?? 0
      requestAnimationFrame(() =>
        setTimeout(() => paints.push([length, performance.timeOrigin + performance.now()])),
      )
    })
    if (editor) observer.observe(editor, { subtree: true, childList: true, characterData: true })
  }, EDITOR)
  const length = await from.evaluate(selector => {
    const presses: number[] = []
    Object.assign(window, { presses })
    const editor = document.querySelector(selector)
    editor?.addEventListener("keydown", event => presses.push(performance.timeOrigin + event.timeStamp), true)
    return editor?.textContent?.length ?? 0
  }, EDITOR)
  for (let key = 0; key < keys; key++) {
    await from.keyboard.type("x")
    await sleep(everyMs)
  }
  await shows(to, "x".repeat(keys))
  await sleep(100)
  const presses = await from.evaluate(() => (window as unknown as { presses: number[] }).presses)
  const paints = await to.evaluate(() => (window as unknown as { paints: [number, number][] }).paints)
  return presses.map((at, key) => (paints.find(([drawn]) => drawn > length + key)?.[1] ?? Number.NaN) - at)
}

/** Milliseconds of one round trip over a bare data channel between two pages, and of one frame: medians. */
export async function floor(from: Page, to: Page): Promise<{ roundTripMs: number; frameMs: number }> {
  const offer = await from.evaluate(async () => {
    const connection = new RTCPeerConnection({ iceServers: [] })
    const channel = connection.createDataChannel("bare", { negotiated: true, id: 1 })
    Object.assign(window, { bare: { connection, channel } })
    return described(connection, await connection.createOffer())

    async function described(connection: RTCPeerConnection, made: RTCSessionDescriptionInit) {
      await connection.setLocalDescription(made)
      while (connection.iceGatheringState !== "complete")
        await new Promise(resolve => setTimeout(resolve, 20))
      return connection.localDescription?.toJSON() as RTCSessionDescriptionInit
    }
  })
  const answer = await to.evaluate(async offer => {
    const connection = new RTCPeerConnection({ iceServers: [] })
    const channel = connection.createDataChannel("bare", { negotiated: true, id: 1 })
    channel.onmessage = ({ data }) => channel.send(data)
    Object.assign(window, { bare: { connection, channel } })
    await connection.setRemoteDescription(offer)
    await connection.setLocalDescription(await connection.createAnswer())
    while (connection.iceGatheringState !== "complete") await new Promise(resolve => setTimeout(resolve, 20))
    return connection.localDescription?.toJSON() as RTCSessionDescriptionInit
  }, offer)
  const trips = await from.evaluate(async answer => {
    const { bare } = window as unknown as {
      bare: { connection: RTCPeerConnection; channel: RTCDataChannel }
    }
    const { connection, channel } = bare
    await connection.setRemoteDescription(answer)
    while (channel.readyState !== "open") await new Promise(resolve => setTimeout(resolve, 20))
    const trips: number[] = []
    for (let count = 0; count < 30; count++) {
      const since = performance.now()
      const back = new Promise(resolve => {
        channel.onmessage = resolve
      })
      channel.send("x")
      await back
      trips.push(performance.now() - since)
    }
    connection.close()
    return trips
  }, answer)
  const frames = await to.evaluate(async () => {
    const frames: number[] = []
    let last = await new Promise<number>(resolve => requestAnimationFrame(resolve))
    for (let count = 0; count < 30; count++) {
      const next = await new Promise<number>(resolve => requestAnimationFrame(resolve))
      frames.push(next - last)
      last = next
    }
    return frames
  })
  return { roundTripMs: median(trips), frameMs: median(frames) }
}
