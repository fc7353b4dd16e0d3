// What a person does in Sheaf, in the words of a test: write, share, join, look. It finds things as people do, by
// their names on the screen; what is inside the editor it reads from the page.
import { expect, type Page } from "@playwright/test"
import { BLOCKS } from "./caret"
import { cutPeers, mendPeers, peerTraffic } from "./peers"
import { cutProof, type TcpProxy } from "./proxy"
import { waitFor } from "./wait"

export const EDITOR = ".ProseMirror"
export { BLOCKS }

/** Opens the app at an address and waits until a key would be taken. */
export async function start(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await ready(page)
}

/** Waits until the caret is in an editable text. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator(`${EDITOR}[contenteditable=true]`)).toBeFocused({ timeout: 20_000 })
}

/** The text of every block, in order. */
export async function blocks(page: Page): Promise<string[]> {
  return page.locator(EDITOR).evaluate((editor, blocks) => {
    const read = (node: Node): string =>
      node.nodeName === "BR" && !(node as Element).classList.contains("ProseMirror-trailingBreak")
        ? "\n"
        : node.nodeType === Node.TEXT_NODE
          ? (node.textContent ?? "")
          : (node as Element).matches?.("input, [aria-hidden=true], .suggested-insert")
            ? ""
            : [...node.childNodes].map(read).join("")
    return [...editor.querySelectorAll(blocks)].map(read)
  }, BLOCKS)
}

/** The whole text, a line for each block. */
export async function text(page: Page): Promise<string> {
  return (await blocks(page)).join("\n")
}

/** What is drawn, with its structure and its marks, for comparing two screens. */
export async function drawn(page: Page): Promise<string> {
  return page
    .locator(EDITOR)
    .evaluate(
      (editor, blocks) =>
        [...editor.querySelectorAll(blocks)]
          .map(block => block.outerHTML.replace(/ (id|aria-[a-z]+|class)="[^"]*"/g, ""))
          .join(""),
      BLOCKS,
    )
}

/** Waits until a page shows some words. */
export async function shows(page: Page, words: string, timeoutMs = 15_000): Promise<void> {
  await waitFor(async () => (await text(page)).includes(words), {
    timeoutMs,
    what: `the page to show “${words.slice(0, 60)}”`,
    seen: () => text(page),
  })
}

/** Waits until all pages show the same document. */
export async function agree(pages: readonly Page[], timeoutMs = 20_000): Promise<void> {
  await waitFor(
    async () => {
      const all = await Promise.all(pages.map(drawn))
      return all.every(one => one === all[0])
    },
    { timeoutMs, what: "all screens to show the same document", seen: () => Promise.all(pages.map(text)) },
  )
}

/** Shares the open document and gives the link. Says who one is, if that is asked. */
export async function share(
  page: Page,
  right: "edit" | "suggest" | "comment" | "read" | "keep",
  name: string,
): Promise<string> {
  await page.getByRole("button", { name: "Share", exact: true }).click()
  const dialog = page.getByRole("dialog")
  const nameField = dialog.getByLabel("Your name")
  const choice = dialog.getByRole("radio", { name: new RegExp(`^can ${right}`, "i") })
  await expect(nameField.or(choice).first()).toBeVisible()
  if (await nameField.isVisible()) {
    await nameField.fill(name)
    await dialog.getByRole("button", { name: "Continue" }).click()
  }
  await choice.check()
  await dialog.getByRole("button", { name: "Create a link" }).click()
  const field = dialog.locator("input.link-field")
  await expect(field).toHaveValue(/\/join#./)
  const link = await field.inputValue()
  await page.keyboard.press("Escape")
  await expect(dialog).toBeHidden()
  return link
}

/** Opens a link as somebody who was sent it. `origin`: another way to the same relay, such as a proxy. */
export async function join(page: Page, link: string, origin?: string): Promise<void> {
  await page.goto(origin ? link.replace(new URL(link).origin, new URL(origin).origin) : link)
  await expect(page.locator(EDITOR)).toBeVisible({ timeout: 20_000 })
}

/** Puts the caret at the end of the text and types. */
export async function write(page: Page, words: string): Promise<void> {
  await page.locator(EDITOR).focus()
  await page.keyboard.press("ControlOrMeta+End")
  await page.keyboard.type(words)
}

/** Puts the caret into the block that contains some words, behind them or at an offset into them. */
export async function caretIn(page: Page, words: string, offset = words.length): Promise<void> {
  await page.locator(EDITOR).focus()
  const found = await page.locator(EDITOR).evaluate(
    (editor, { words, offset }) => {
      const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.textContent?.indexOf(words) ?? -1
        if (at < 0) continue
        document.getSelection()?.collapse(node, at + offset)
        return true
      }
      return false
    },
    { words, offset },
  )
  if (!found) throw new Error(`the page does not show “${words}”`)
  // The editor hears of a selection by an event of its own turn.
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))))
}

/** What the chip by the title says about where the words are. */
export async function standing(page: Page): Promise<string> {
  return ((await page.locator("header .chip .long").textContent()) ?? "").trim()
}

/** Waits until the chip says so. */
export async function stands(page: Page, words: RegExp, timeoutMs = 15_000): Promise<void> {
  await waitFor(async () => words.test(await standing(page)), {
    timeoutMs,
    what: `the chip to say ${words}`,
    seen: () => standing(page),
  })
}

/** One person's device and the way its traffic takes to the relay. */
export interface Connected {
  readonly page: Page
  readonly net: TcpProxy
}

/**
 * Cuts devices off from the relay and from each other, does something, and proves that nothing passed meanwhile:
 * no byte through the proxies, no direct connection and no byte on one. Mend with `reunite`.
 */
export async function apart<T>(devices: readonly Connected[], during: () => Promise<T>): Promise<T> {
  for (const { page, net } of devices) {
    net.cut()
    await cutPeers(page)
  }
  const prove = devices.reduce<() => Promise<T>>(
    (inner, { net }) =>
      () =>
        cutProof(net, inner),
    during,
  )
  const result = await prove()
  for (const { page } of devices) expect(await peerTraffic(page)).toEqual({ connected: 0, bytes: 0 })
  return result
}

/** Ends the cut: the network is back, as the browser would say. */
export async function reunite(devices: readonly Connected[]): Promise<void> {
  for (const { page, net } of devices) {
    net.mend()
    await mendPeers(page)
    await page.evaluate(() => window.dispatchEvent(new Event("online")))
  }
}

/** Puts the caret at the end and pastes plain text, as from another program. */
export async function paste(page: Page, words: string): Promise<void> {
  await page.locator(EDITOR).focus()
  await page.keyboard.press("ControlOrMeta+End")
  await page.locator(EDITOR).evaluate((editor, words) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData("text/plain", words)
    editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
  }, words)
}

/** Waits until a service worker controls the page's next visit and has stored the app. */
export async function precached(page: Page): Promise<void> {
  await waitFor(
    () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration()
        return registration?.active?.state === "activated" && (await caches.keys()).length > 0
      }),
    { timeoutMs: 20_000, what: "the app to be stored for the next visit" },
  )
}
