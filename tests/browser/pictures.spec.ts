// A photograph in a document, from a clipboard to another person's screen: what the camera wrote into it stays behind,
// the small picture comes before the large one, whoever carries it sees neither, and it is there without a network.
import { readdirSync, readFileSync } from "node:fs"
import { join as joinPath } from "node:path"
import { EDITOR, join, ready, share, shows, stands, start, write } from "./app"
import { expect, expectQuiet, noticed, test } from "./harness"

const CAMERA = "canary of the camera, 51.5007 N"
const CAPTION = "the barn in spring, canary"

test("a photograph is pasted, described, seen by somebody else, and here again without a network", async ({
  relay,
  startDevice,
}) => {
  const first = await startDevice()
  const ana = first.page
  await start(ana, relay.url)
  await ana.keyboard.type("Minutes with a picture")
  const link = await share(ana, "edit", "Ana")
  await stands(ana, /relay/i)
  const second = await startDevice()
  const bo = second.page
  await join(bo, link)
  await shows(bo, "Minutes with a picture")
  await bo.evaluate(watchStates)
  await bo.evaluate(keepBlobs)

  const photo = withExif(await ana.evaluate(makePhoto))
  expect(photo.includes(CAMERA)).toBe(true)
  await ana.locator(EDITOR).focus()
  await ana.keyboard.press("End")
  await ana.evaluate(pasteFile, photo.toString("base64"))
  const asked = ana.getByRole("dialog", { name: "Describe the picture" })
  await asked.getByLabel("What does it show?").fill("A red barn")
  await asked.getByRole("button", { name: "Done" }).click()
  await expect(ana.locator(`${EDITOR} figure img`)).toHaveAttribute("alt", "A red barn")

  await expect(bo.locator(`${EDITOR} .picture[data-state=here] img`)).toBeVisible({ timeout: 20_000 })
  await expect(bo.locator(`${EDITOR} figure img`)).toHaveAttribute("alt", "A red barn")
  const states = await bo.evaluate(() => (window as unknown as { states: string[] }).states)
  expect(states.indexOf("small")).toBeGreaterThanOrEqual(0)
  expect(states.indexOf("small")).toBeLessThan(states.indexOf("here"))

  // Held sideways: it was turned, fitted, and drawn anew.
  const here = await bo.evaluate(readPicture)
  expect([here.width, here.height]).toEqual([1333, 2000])
  const bytes = Buffer.from(here.bytes, "latin1")
  expect(bytes.length).toBeGreaterThan(200_000)
  expect(bytes.includes("Exif")).toBe(false)
  expect(bytes.includes(CAMERA)).toBe(false)

  // On a phone a tall picture leaves room for both handles of a selection.
  await bo.setViewportSize({ width: 390, height: 780 })
  const box = await bo.locator(`${EDITOR} .picture`).boundingBox()
  expect(box?.height).toBeLessThanOrEqual(0.6 * 780 + 1)
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1333 / 2000, 1)

  await ana.locator(`${EDITOR} figcaption`).click()
  await ana.keyboard.type(CAPTION)
  await shows(bo, CAPTION)
  const readable = [CAMERA, CAPTION, "A red barn", bytes.subarray(1_000, 1_064).toString("latin1")]
  const places = [relay.log(), ...filesOf(relay.dataDir)]
  expect(places.reduce((sum, place) => sum + place.length, 0)).toBeGreaterThan(bytes.length)
  for (const place of places)
    for (const words of readable) expect(place.includes(words), "the relay can see it").toBe(false)
  for (const request of [...noticed(ana).requests, ...noticed(bo).requests])
    expect(request.includes(CAPTION)).toBe(false)
  await expectQuiet(ana)
  await expectQuiet(bo)

  const address = bo.url()
  await bo.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await second.quit()
  await first.quit()
  await relay.kill()
  const again = await second.reopen()
  await again.addInitScript(keepBlobs)
  await again.goto(address)
  await ready(again)
  await expect(again.locator(`${EDITOR} .picture[data-state=here] img`)).toBeVisible({ timeout: 20_000 })
  expect((await again.evaluate(readPicture)).bytes.length).toBe(bytes.length)
})

test("what is no picture, too large or only linked is refused in words; a picture is selected before it goes, and copied elsewhere", async ({
  relay,
  startDevice,
}) => {
  const page = (await startDevice()).page
  await start(page, relay.url)
  await page.keyboard.type("Before")
  await page.evaluate(pasteHtml, '<p>Words</p><img src="https://example.org/spy.png">')
  await expect(page.getByText(/Pictures that are only linked were left out/)).toBeVisible()
  await shows(page, "Words")
  await expect(page.locator(`${EDITOR} figure`)).toHaveCount(0)
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("toolbar").getByRole("button", { name: "Picture" }).click(),
  ])
  await chooser.setFiles({ name: "not.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") })
  await expect(page.getByText("That file is not a picture this browser can read.")).toBeVisible()

  await page.evaluate(pasteLarge, 25 * 1024 * 1024 + 1)
  await expect(page.getByText("That picture is larger than 25 MB.")).toBeVisible()
  await expect(page.locator(`${EDITOR} figure`)).toHaveCount(0)

  await page.locator(EDITOR).focus()
  const dot =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
  await page.evaluate(pasteHtml, `<img src="data:image/png;base64,${dot}">`)
  const pictures = page.locator(`${EDITOR} .picture[data-state=here]`)
  await expect(pictures).toHaveCount(1)
  await page.getByRole("dialog", { name: "Describe the picture" }).getByLabel("It only decorates").check()
  await page.keyboard.press("Enter")
  await expect(page.locator(`${EDITOR} figure img`)).toHaveAttribute("alt", "")

  // Once selects, twice takes away; undo brings it back.
  await page.locator(`${EDITOR} figcaption`).click()
  await page.keyboard.press("Backspace")
  await expect(page.locator(`${EDITOR} figure.is-selected`)).toHaveCount(1)
  const copied = await page.evaluate(copySelection)
  await page.keyboard.press("Backspace")
  await expect(page.locator(`${EDITOR} figure`)).toHaveCount(0)
  await page.keyboard.press("ControlOrMeta+z")
  await expect(pictures).toHaveCount(1)

  // Into another document: a picture of its own there.
  await page.goto(new URL("/new", relay.url).href)
  await ready(page)
  await write(page, "Another document")
  await page.evaluate(pasteHtml, copied)
  await expect(pictures).toHaveCount(1)
  await expect(page.locator(`${EDITOR} figure img`)).toHaveAttribute("alt", "")
})

/** A sideways photograph of 3000 × 2000 noisy px, as base64. */
async function makePhoto(): Promise<string> {
  const canvas = new OffscreenCanvas(3000, 2000)
  const pen = canvas.getContext("2d")
  if (pen === null) throw new Error("no canvas")
  const image = pen.createImageData(3000, 2000)
  let seed = 7
  for (let at = 0; at < image.data.length; at += 4) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    const [x, y] = [(at / 4) % 3000, Math.floor(at / 12_000)]
    image.data.set([(x / 12) & 255, (y / 8) & 255, seed >>> 24, 255], at)
  }
  pen.putImageData(image, 0, 0)
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ""
  for (let at = 0; at < bytes.length; at += 8_192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(text)
}

/** The photograph with what a camera writes into it (Exif 2.3 §4.6): how it was held, and a description. */
function withExif(base64: string): Buffer {
  const jpeg = Buffer.from(base64, "base64")
  const words = Buffer.from(`${CAMERA}\0`)
  const tiff = Buffer.alloc(38)
  tiff.write("II*\0", 0, "latin1")
  tiff.writeUInt32LE(8, 4)
  tiff.writeUInt16LE(2, 8)
  const entry = (at: number, tag: number, type: number, count: number, value: number) => {
    tiff.writeUInt16LE(tag, at)
    tiff.writeUInt16LE(type, at + 2)
    tiff.writeUInt32LE(count, at + 4)
    tiff.writeUInt32LE(value, at + 8)
  }
  entry(10, 0x010e, 2, words.length, 38)
  entry(22, 0x0112, 3, 1, 6)
  const exif = Buffer.concat([Buffer.from("Exif\0\0"), tiff, words])
  const marker = Buffer.from([0xff, 0xe1, 0, 0])
  marker.writeUInt16BE(exif.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)])
}

function pasteFile(base64: string): void {
  const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }))
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  document.querySelector(".ProseMirror")?.dispatchEvent(event)
}

function pasteLarge(bytes: number): void {
  const data = new DataTransfer()
  data.items.add(new File([new Uint8Array(bytes)], "large.png", { type: "image/png" }))
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  document.querySelector(".ProseMirror")?.dispatchEvent(event)
}

function pasteHtml(html: string): void {
  const data = new DataTransfer()
  data.setData("text/html", html)
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  document.querySelector(".ProseMirror")?.dispatchEvent(event)
}

function copySelection(): string {
  const data = new DataTransfer()
  const event = new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true })
  document.querySelector(".ProseMirror")?.dispatchEvent(event)
  return data.getData("text/html")
}

/** Notes how every picture stands, from the first moment. */
function watchStates(): void {
  const states: string[] = []
  Object.assign(window, { states })
  new MutationObserver(records => {
    for (const { target } of records)
      if (target instanceof HTMLElement && target.dataset["state"]) states.push(target.dataset["state"])
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-state"] })
}

/** Keeps hold of what is made into object URLs: the page's policy lets nobody fetch them. */
function keepBlobs(): void {
  const made = new Map<string, Blob>()
  Object.assign(window, { made })
  const make = URL.createObjectURL.bind(URL)
  URL.createObjectURL = blob => {
    const url = make(blob)
    if (blob instanceof Blob) made.set(url, blob)
    return url
  }
}

async function readPicture(): Promise<{ bytes: string; width: number; height: number }> {
  const image = document.querySelector<HTMLImageElement>(".ProseMirror figure img")
  const { made } = window as unknown as { made: Map<string, Blob> }
  const blob = image === null ? undefined : made.get(image.src)
  if (image === null || blob === undefined) throw new Error("there is no picture")
  await image.decode()
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ""
  for (let at = 0; at < bytes.length; at += 8_192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return { bytes: text, width: image.naturalWidth, height: image.naturalHeight }
}

/** Every file below a folder, byte for byte. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(joinPath(entry.parentPath, entry.name)).toString("latin1"))
}
