// How a person types a block: which keys, in which rhythm, with which slips. Pure: from blocks and a seeded
// generator to a list of actions, so that a run can be repeated and its outcome known beforehand. Every slip
// is put right again, relative to the caret, so the text that remains is the block's, whoever writes nearby.
import * as prng from "lib0/prng"
import type { Block, Span } from "../fixtures/script"

export type Action =
  /** One character as a person sees it (an emoji with all its parts), then a wait. */
  | { readonly do: "type"; readonly text: string; readonly waitMs: number }
  /** A key by Playwright's name, so many times, then a wait. */
  | { readonly do: "press"; readonly key: string; readonly times: number; readonly waitMs: number }
  /** From here on text follows: the caret must be in an empty block by now. */
  | { readonly do: "settle" }

/** How often things go wrong, as chances: per letter, per sentence, per block. */
export interface Temper {
  readonly typo: number
  readonly forgottenWord: number
  readonly secondThought: number
  readonly move: number
}

export const CAREFUL: Temper = { typo: 0, forgottenWord: 0, secondThought: 0, move: 0 }
export const HUMAN: Temper = { typo: 0.015, forgottenWord: 0.06, secondThought: 0.05, move: 0.06 }

const NEIGHBOURS: Readonly<Record<string, string>> = {
  a: "sq",
  e: "wr",
  i: "uo",
  l: "kj",
  m: "n",
  n: "bm",
  o: "ip",
  r: "et",
  s: "ad",
  t: "ry",
  u: "yi",
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" })

/**
 * The actions that write `block` by someone whose caret is at the end of `previous` (their own block of
 * before), or in an empty plain paragraph when `previous` is null.
 */
export function typeBlock(
  block: Block,
  previous: Block | null,
  random: prng.PRNG,
  temper: Temper = HUMAN,
): Action[] {
  const hand = createHand(random, temper)
  hand.press("", 0, 900)
  if (previous !== null && previous.type !== "code" && previous.type !== "divider") hand.press("Enter")
  dress(hand, block, previous, random)
  if (block.type === "code") {
    // The way out first: an empty paragraph below, to step into when the code is done.
    hand.press("Enter")
    hand.press("ArrowLeft")
    hand.press("ControlOrMeta+Alt+c")
    hand.settle()
    for (const [number, line] of textLines(block).entries()) {
      if (number > 0) hand.press("Enter")
      hand.literally(line)
    }
    hand.press("ArrowRight")
    return hand.actions
  }
  hand.settle()
  if (block.type === "divider") {
    hand.literally("---")
    return hand.actions
  }
  for (const span of block.spans) typeSpan(hand, span, random)
  if (prng.real53(random) < temper.move) {
    hand.press("Alt+Shift+ArrowUp", 1, 400)
    if (prng.bool(random)) hand.press("Alt+Shift+ArrowDown", 1, 400)
  }
  return hand.actions
}

/** The actions that add spans where the caret is, at the end of a block. */
export function typeSpans(spans: readonly Span[], random: prng.PRNG, temper: Temper = HUMAN): Action[] {
  const hand = createHand(random, temper)
  for (const span of spans) typeSpan(hand, span, random)
  return hand.actions
}

function textLines(block: Block): string[] {
  return block.spans.flatMap(span => span.text.split("\n"))
}

/** Turns the empty block that follows `previous` into what `block` is, by rule or by shortcut. */
function dress(hand: Hand, block: Block, previous: Block | null, random: prng.PRNG): void {
  const sameList = previous?.list !== undefined && previous.list === block.list
  const indent = block.indent ?? 0
  if (sameList) {
    const deeper = indent - (previous.indent ?? 0)
    hand.press(deeper > 0 ? "Tab" : "Shift+Tab", Math.abs(deeper))
    // A new item of a task list comes unticked.
    if (block.checked) hand.press("ControlOrMeta+Enter")
    return
  }
  if (previous?.list !== undefined) {
    hand.press("Shift+Tab", previous.indent ?? 0)
    hand.press("Enter")
  }
  if (previous?.quote && !block.quote) hand.press("ControlOrMeta+Shift+Period")
  if (block.quote && !previous?.quote) hand.literally("> ")
  const byRule = prng.real53(random) < 0.6
  if (block.type === "heading") {
    const level = block.level ?? 1
    if (byRule) hand.literally(`${"#".repeat(level)} `)
    else hand.press(`ControlOrMeta+Alt+${level}`)
  } else if (block.list === "task") {
    hand.literally(block.checked ? "[x] " : "[ ] ")
  } else if (block.list !== undefined) {
    const bullet = block.list === "bullet"
    if (byRule) hand.literally(bullet ? "- " : "1. ")
    else hand.press(bullet ? "ControlOrMeta+Shift+8" : "ControlOrMeta+Shift+7")
  }
  hand.press("Tab", indent)
}

function typeSpan(hand: Hand, span: Span, random: prng.PRNG): void {
  const [mark] = span.marks
  const byRule = prng.bool(random)
  switch (mark) {
    case undefined:
      for (const sentence of span.text.split(/(?<=[.!?:;] )/)) hand.sentence(sentence)
      return
    case "bold":
      if (byRule) hand.literally(`**${span.text}**`)
      else hand.between("ControlOrMeta+b", span.text)
      return
    case "italic":
      if (byRule) hand.literally(`_${span.text}_`)
      else hand.between("ControlOrMeta+i", span.text)
      return
    case "code":
      hand.literally(`\`${span.text}\``)
      return
    case "link":
      hand.literally(`[${span.text}](${span.href ?? ""})`)
      return
    default:
      throw new Error(`no way to type the mark ${mark satisfies never}`)
  }
}

interface Hand {
  readonly actions: Action[]
  press(key: string, times?: number, waitMs?: number): void
  settle(): void
  /** Without slips: signs that the editor acts upon must come as they are. */
  literally(text: string): void
  between(shortcut: string, text: string): void
  /** With slips, words forgotten and phrases thought over. */
  sentence(text: string): void
}

function createHand(random: prng.PRNG, temper: Temper): Hand {
  const actions: Action[] = []
  const chance = (odds: number) => prng.real53(random) < odds
  /** Log-normal, as the gaps between a person's keys are; by Box and Muller's transform. */
  const around = (medianMs: number) => {
    const radius = Math.sqrt(-2 * Math.log(1 - prng.real53(random)))
    return medianMs * Math.exp(0.45 * radius * Math.cos(2 * Math.PI * prng.real53(random)))
  }
  const press = (key: string, times = 1, waitMs = 160) => {
    if (key === "" || times > 0) actions.push({ do: "press", key, times, waitMs: around(waitMs) })
  }
  const type = (text: string) => {
    const medianMs = /[.!?]/.test(text) ? 700 : /[,;:]/.test(text) ? 260 : text === " " ? 140 : 110
    actions.push({ do: "type", text, waitMs: around(medianMs) })
  }
  const literally = (text: string) => {
    for (const { segment } of segmenter.segment(text)) type(segment)
  }

  const withSlips = (text: string) => {
    const letters = [...segmenter.segment(text)].map(({ segment }) => segment)
    for (const [index, letter] of letters.entries()) {
      const wrong = NEIGHBOURS[letter]
      if (wrong !== undefined && chance(temper.typo)) {
        const further = letters.slice(index + 1, index + 1 + prng.int32(random, 0, 2)).filter(isSimple)
        type(prng.oneOf(random, [...wrong]))
        for (const next of further) type(next)
        press("Backspace", 1 + further.length, 250)
      }
      type(letter)
    }
  }

  const sentence = (text: string) => {
    const words = text.split(/(?<= )/)
    // Counting characters backwards is only sure in plain Latin text: there one key is one letter, one way.
    if (words.length < 6 || !isSimple(text)) return withSlips(text)
    const start = words.length - prng.int32(random, 3, 4)
    const head = words.slice(0, start).join("")
    const tail = words.slice(start).join("")
    const [forgotten = "", ...others] = words.slice(start)
    if (chance(temper.forgottenWord)) {
      const rest = others.join("")
      withSlips(head + rest)
      press("ArrowLeft", rest.length, 500)
      withSlips(forgotten)
      press("ArrowRight", rest.length, 300)
    } else if (chance(temper.secondThought)) {
      withSlips(head + tail)
      press("Shift+ArrowLeft", tail.length, 600)
      press("Backspace", 1, 500)
      withSlips(tail)
    } else withSlips(text)
  }

  return {
    actions,
    press,
    settle: () => actions.push({ do: "settle" }),
    literally,
    between(shortcut, text) {
      press(shortcut)
      literally(text)
      press(shortcut)
    },
    sentence,
  }
}

/** Latin letters in one code unit each, digits, blanks and plain signs: read left to right, one key each. */
function isSimple(text: string): boolean {
  return /^[\u0020-\u007e\u00c0-\u024f\u2019\u2013\u2014]*$/u.test(text)
}
