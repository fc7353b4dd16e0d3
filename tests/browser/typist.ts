// A person at a keyboard: performs turns of a script in the editor of a page. It goes by its own caret, as
// people do, and finds places by the words that stand there, never by numbers, so that others may write
// around it all the while. It remembers each run of text that must be in the final document.
import type { Page } from "@playwright/test"
import * as prng from "lib0/prng"
import { type Block, type Span, type Turn, textOf } from "../fixtures/script"
import { EDITOR, hearCaret, placeCaret, pointWithin, readSpot } from "./caret"
import { type Action, HUMAN, type Temper, typeBlock, typeSpans } from "./typing"
import { sleep } from "./wait"

/** Shared by the typists of one test: the texts whose writer has left them for good. */
export type Finished = Set<string>

/** Above this speed words come whole, as from a phone's keyboard: a browser cannot take keys any faster. */
const IN_WORDS_FROM = 100

export interface TypistOptions {
  readonly page: Page
  readonly seed: number
  /** 1 is a person's speed; 50 divides every wait by 50. */
  readonly speed?: number
  readonly temper?: Temper
  readonly finished?: Finished
}

export interface Typist {
  /** Does the turns one after the other. */
  perform(turns: readonly Turn[]): Promise<void>
  /** Writes the blocks on from one's own last block, or at the end of the document. */
  write(blocks: readonly Block[]): Promise<void>
  /** After the browser was reopened: goes on there. */
  moveTo(page: Page): void
  /**
   * Of every block finished so far, and every sentence added to another's: the text, exactly as it must
   * stand, unbroken, within one block of the final document, whatever else that block holds.
   */
  expectedTexts(): readonly string[]
}

export function createTypist({ page, seed, speed = 1, temper = HUMAN, finished }: TypistOptions): Typist {
  const random = prng.create(seed)
  const expected: string[] = []
  let place = page
  /** One's own last block that one can go on from by its words. */
  let home: Block | null = null
  /** The block that the caret is at the end of. null: the caret may be anywhere. */
  let last: Block | null = null
  /** The text that one may still go back into. */
  let unfinished: string | null = null

  const act = async (action: Action) => {
    if (action.do === "settle") return settle()
    if (action.do === "type") {
      // A key press for what a keyboard has; the rest is inserted, as an input method does.
      if (/^[\x20-\x7e]$/.test(action.text)) await place.keyboard.type(action.text)
      else await place.keyboard.insertText(action.text)
    } else if (/^(Shift\+)?Arrow/.test(action.key)) {
      await walk(action.key, action.times)
    } else {
      await press(action.key, action.times)
      if (action.key.includes("Arrow")) await hearCaret(place)
    }
    await rest(action.waitMs)
  }

  const press = async (key: string, times: number) => {
    for (let time = 0; time < times; time++) {
      await place.keyboard.press(key)
      await rest(90)
    }
  }

  /**
   * Steps left or right, and looks whether the caret came that far: a remote change that is drawn within the
   * same frame as a step puts the caret back where the editor last knew it. A person would press again.
   */
  const walk = async (key: string, times: number) => {
    const step = key.endsWith("Left") ? -1 : 1
    const start = await readSpot(place)
    const goal = start === null ? -1 : start.offset + step * times
    if (start === null || goal < 0 || goal > start.text.length) {
      // Over the edge of the block, where offsets begin anew.
      await press(key, times)
      await hearCaret(place)
      return
    }
    let offset = start.offset
    for (let tries = 0; offset !== goal && tries < 60; tries++) {
      // Whose keys are overtaken again and again takes the pointer.
      if (tries > 8) await pointWithin(place, goal)
      else await press(offset < goal === (step === 1) ? key : opposite(key), Math.abs(goal - offset))
      await hearCaret(place)
      const spot = await readSpot(place)
      if (spot === null) throw new Error(`the caret left the editor while pressing ${key}`)
      offset = spot.offset
    }
    if (offset !== goal) throw new Error(`${key} does not bring the caret from ${start.offset} to ${goal}`)
  }

  let owedMs = 0
  /** Sped up, waits are shorter than a timer can be: they are saved up, so that the rhythm stays on average. */
  const rest = async (waitMs: number) => {
    owedMs += waitMs / speed
    if (owedMs < 4) return
    const nowMs = owedMs
    owedMs = 0
    await sleep(nowMs)
  }

  /** Makes sure that what is typed next goes into an empty block; if it would not, begins one at one's own. */
  const settle = async () => {
    const spot = await readSpot(place)
    if (spot?.writable && spot.text === "") return
    await goHome()
    await place.keyboard.press("Enter")
    const now = await readSpot(place)
    if (now?.text !== "") throw new Error(`Enter did not give an empty block; the caret is in: ${now?.text}`)
  }

  const goHome = async () => {
    if (home !== null && (await placeCaret(place, textOf(home)))) {
      last = home
      return
    }
    await place.locator(EDITOR).focus({ timeout: 10_000 })
    // A new document begins with an empty block, which stays empty. To begin there and not at the end keeps
    // out of the block in which somebody else has just begun to type.
    for (const key of ["ControlOrMeta+Home", "ControlOrMeta+End"]) {
      await place.keyboard.press(key)
      await hearCaret(place)
      if ((await readSpot(place))?.text === "") return
    }
  }

  const finish = () => {
    if (unfinished !== null) finished?.add(unfinished)
    unfinished = null
  }

  const writeBlock = async (block: Block) => {
    if (last === null) await goHome()
    // At the end of a document that others began: their last block stays theirs.
    if (last === null) await place.keyboard.press("Enter")
    const actions = typeBlock(block, last, random, temper)
    finish()
    for (const action of speed > IN_WORDS_FROM ? inWords(actions) : actions) await act(action)
    last = block
    const text = textOf(block)
    if (text === "") return
    expected.push(text)
    unfinished = text
    // Enter within code only makes another line, so one does not come back to code to go on.
    if (block.type !== "code") home = block
  }

  const write = async (blocks: readonly Block[]) => {
    for (const block of blocks) await writeBlock(block)
  }

  const begin = async (after: Block | null) => {
    if (after === null || after.type === "code" || !finished?.has(textOf(after))) return
    // Not arrived here yet: then it goes where one's own last block is, as it would for a person.
    if (await placeCaret(place, textOf(after))) last = after
  }

  const visit = async (block: Block, spans: readonly Span[]) => {
    const text = spans.map(span => span.text).join("")
    if (!finished?.has(textOf(block)) || !(await placeCaret(place, textOf(block)))) {
      await writeBlock({ type: "paragraph", spans: [{ text: text.trim(), marks: [] }] })
      return
    }
    finish()
    for (const action of typeSpans(spans, random, temper)) await act(action)
    expected.push(text)
    // The caret has left one's own blocks, so the next one begins by going home.
    last = null
  }

  return {
    async perform(turns) {
      for (const turn of turns) {
        if (turn.do === "visit") await visit(turn.block, turn.spans)
        else {
          await begin(turn.after)
          await write(turn.blocks)
        }
      }
      finish()
    },
    write,
    moveTo(next) {
      place = next
      last = null
    },
    expectedTexts: () => [...expected],
  }
}

function opposite(key: string): string {
  return key.endsWith("Left") ? key.replace("Left", "Right") : key.replace("Right", "Left")
}

/** Letters that follow one another as one action. What is no letter stays a key: rules and shortcuts hang on it. */
function inWords(actions: readonly Action[]): Action[] {
  const joined: Action[] = []
  for (const action of actions) {
    const last = joined.at(-1)
    const letters = action.do === "type" && /^[\p{L}\p{M}]+$/u.test(action.text)
    if (letters && last?.do === "type" && /^[\p{L}\p{M}]+$/u.test(last.text))
      joined[joined.length - 1] = {
        ...last,
        text: last.text + action.text,
        waitMs: last.waitMs + action.waitMs,
      }
    else joined.push(action)
  }
  return joined
}

/**
 * The expected texts that stand nowhere unbroken in `blocks` (the texts of the final document's blocks).
 * Two expected texts that are the same need two places.
 */
export function missingTexts(expected: readonly string[], blocks: readonly string[]): string[] {
  const rest = [...blocks]
  // Longest first: a short text must not use up the place of a long one that contains it.
  return [...expected]
    .sort((a, b) => b.length - a.length)
    .filter(text => {
      const index = rest.findIndex(block => block.includes(text))
      const found = rest[index]
      if (found === undefined) return true
      rest[index] = found.replace(text, () => "\u0000")
      return false
    })
}
