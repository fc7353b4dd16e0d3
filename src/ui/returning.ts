// Back to where one was. A phone ends an app that is out of sight without a word; whoever comes back by the icon finds
// the document, and the lines that were on the screen. Who closes the window has left, and begins at home.
import type { World } from "../bytes/world"

const KEY = "stay"
/** Later one has begun something else. */
const STAY_MS = 12 * 60 * 60_000
/** A text that is not drawn by then is waited for by somebody else. */
const DRAWN_MS = 5_000
/** As they are drawn: in sections, and a few without. */
const BLOCKS = ".ProseMirror > .section > *, .ProseMirror > :not(.section)"

interface Stay {
  readonly path: string
  /** The block at the top of the screen, counted from the first, and how far it begins above that, in px. */
  readonly block: number
  readonly above: number
  readonly at: number // wall clock ms
}

/** The little of the settings that is needed. */
interface Settings {
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
}

export class Returning {
  readonly #settings: Settings
  readonly #world: Pick<World, "now" | "after">
  #taken: Stay | null = null

  constructor(settings: Settings, world: Pick<World, "now" | "after">) {
    this.#settings = settings
    this.#world = world
  }

  /** Notes where one is: the page goes out of sight, and may never be told of its end. */
  async note(path: string): Promise<void> {
    const blocks = [...document.querySelectorAll<HTMLElement>(BLOCKS)]
    const block = blocks.findIndex(each => each.getBoundingClientRect().bottom > 0)
    const above = -(blocks[block]?.getBoundingClientRect().top ?? 0)
    await this.#keep({ path, block, above, at: this.#world.now() })
  }

  /** One has left, and does not come back to it. */
  async forget(): Promise<void> {
    await this.#keep(null)
  }

  /** The path of the document in which one was when the app was ended, or null. Told once. */
  async take(): Promise<string | null> {
    const kept = await this.#settings.get(KEY)
    if (!isStay(kept)) return null
    await this.#keep(null)
    const age = this.#world.now() - kept.at
    if (!kept.path.startsWith("/d/") || age < 0 || age > STAY_MS) return null
    this.#taken = kept
    return kept.path
  }

  /** Brings the lines back that were on the screen, as soon as the text is drawn, unless somebody has touched it. */
  scrollBack(): void {
    const stay = this.#taken
    if (!stay || (stay.block <= 0 && stay.above <= 0)) return
    const until = this.#world.now() + DRAWN_MS
    let touched = false
    const touch = () => {
      touched = true
    }
    for (const event of ["wheel", "keydown", "pointerdown"]) addEventListener(event, touch, { once: true })
    // More than once: the text comes after the screen, and sections that were never drawn have a height that was guessed.
    const look = () => {
      if (touched || this.#world.now() > until) return
      const element = [...document.querySelectorAll<HTMLElement>(BLOCKS)][stay.block]
      const away = element ? element.getBoundingClientRect().top + stay.above : Number.POSITIVE_INFINITY
      if (element) scrollerOf(element).scrollBy({ top: away, behavior: "instant" })
      if (Math.abs(away) > 1) requestAnimationFrame(look)
    }
    look()
  }

  // It is a convenience: where it is not kept, one begins at home.
  #keep(stay: Stay | null): Promise<void> {
    return this.#settings.put(KEY, stay).catch((error: unknown) => console.warn("Sheaf:", error))
  }
}

/** What scrolls the text: the page, or the part of it between the bars. */
function scrollerOf(element: Element): Element {
  for (let around = element.parentElement; around; around = around.parentElement)
    if (/auto|scroll/.test(getComputedStyle(around).overflowY)) return around
  return document.scrollingElement ?? document.documentElement
}

function isStay(kept: unknown): kept is Stay {
  if (typeof kept !== "object" || kept === null) return false
  const { path, block, above, at } = kept as Partial<Stay>
  return typeof path === "string" && [block, above, at].every(each => typeof each === "number")
}
