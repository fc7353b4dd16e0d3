// The plan of a typist is carried out here on a toy editor, a list of lines with a caret, that knows only
// the keys a typist uses. What remains must be the script, whatever slips were made on the way.
import { readFileSync } from "node:fs"
import * as prng from "lib0/prng"
import { describe, expect, test } from "vitest"
import { type Action, CAREFUL, HUMAN, typeBlock } from "../../browser/typing"
import { missingTexts } from "../../browser/typist"
import { type Block, parseScript, textOf } from "../../fixtures/script"

interface Line {
  text: string
  type: Block["type"]
  level: number
  list: Block["list"]
  checked: boolean
  indent: number
  quote: boolean
}

const PLAIN: Line = {
  text: "",
  type: "paragraph",
  level: 0,
  list: undefined,
  checked: false,
  indent: 0,
  quote: false,
}

/** `at` and `anchor` count characters in the line; text is kept as code units, as a document would. */
class ToyEditor {
  readonly lines: Line[] = [{ ...PLAIN }]
  row = 0
  at = 0
  anchor = 0
  /** The text at each moment at which the typist wanted an empty block. */
  readonly settledOn: string[] = []

  get line(): Line {
    const line = this.lines[this.row]
    if (line === undefined) throw new Error("the caret has left the document")
    return line
  }

  perform(action: Action): void {
    if (action.do === "settle") this.settledOn.push(this.line.text)
    else if (action.do === "type") this.insert(action.text)
    else for (let time = 0; time < action.times; time++) this.press(action.key)
  }

  private insert(text: string): void {
    const { line } = this
    line.text = line.text.slice(0, this.at) + text + line.text.slice(this.at)
    this.moveTo(this.at + text.length)
    if (line.type !== "code") this.applyRules(line)
  }

  private applyRules(line: Line): void {
    const before = line.text.slice(0, this.at)
    const sign = /^(#{1,3}|-|1\.|\[[ x]\]|>) $/.exec(before)?.[1]
    if (sign !== undefined) {
      this.replaceBefore(before.length, "")
      if (sign.startsWith("#")) Object.assign(line, { type: "heading", level: sign.length })
      else if (sign === ">") line.quote = true
      else if (sign === "-") line.list = "bullet"
      else if (sign === "1.") line.list = "ordered"
      else Object.assign(line, { list: "task", checked: sign === "[x]" })
    } else if (before === "---") {
      this.replaceBefore(3, "")
      line.type = "divider"
      this.lines.splice(this.row + 1, 0, { ...PLAIN })
      this.row += 1
    } else {
      const mark = /\*\*(.+)\*\*$|(?<![\p{L}\d])_([^_]+)_$|`(.+)`$|\[([^\]]+)\]\([^)]+\)$/u.exec(before)
      const inner = mark?.slice(1).find(group => group !== undefined)
      if (mark && inner !== undefined) this.replaceBefore(mark[0].length, inner)
    }
  }

  private replaceBefore(length: number, text: string): void {
    const { line } = this
    line.text = line.text.slice(0, this.at - length) + text + line.text.slice(this.at)
    this.moveTo(this.at - length + text.length)
  }

  private moveTo(at: number): void {
    this.at = at
    this.anchor = at
  }

  private press(key: string): void {
    const { line } = this
    switch (key) {
      case "":
      case "ControlOrMeta+b":
      case "ControlOrMeta+i":
        return
      case "Enter":
        this.enter()
        return
      case "Backspace":
        if (this.anchor !== this.at) {
          this.deleteSelection()
          return
        }
        if (this.at === 0) throw new Error("a typist never deletes past the beginning of the block")
        this.replaceBefore(1, "")
        return
      case "ArrowLeft":
        if (this.at === 0) {
          this.row -= 1
          this.moveTo(this.line.text.length)
          return
        }
        this.moveTo(this.at - 1)
        return
      case "ArrowRight":
        if (this.at === line.text.length) {
          this.row += 1
          this.moveTo(0)
          return
        }
        this.moveTo(this.at + 1)
        return
      case "Shift+ArrowLeft":
        if (this.at === 0) throw new Error("a typist never selects past the beginning of the block")
        this.at -= 1
        return
      case "Tab":
        if (line.list === undefined) throw new Error("Tab outside a list leaves the editor")
        line.indent += 1
        return
      case "Shift+Tab":
        if (line.list === undefined) throw new Error("Shift+Tab outside a list leaves the editor")
        line.indent -= 1
        return
      case "ControlOrMeta+Enter":
        line.checked = true
        return
      case "ControlOrMeta+Shift+Period":
        line.quote = !line.quote
        return
      case "ControlOrMeta+Shift+7":
        line.list = "ordered"
        return
      case "ControlOrMeta+Shift+8":
        line.list = "bullet"
        return
      case "ControlOrMeta+Alt+c":
        line.type = "code"
        return
      case "ControlOrMeta+Alt+1":
      case "ControlOrMeta+Alt+2":
      case "ControlOrMeta+Alt+3":
        Object.assign(line, { type: "heading", level: Number(key.at(-1)) })
        return
      case "Alt+Shift+ArrowUp":
        this.swap(-1)
        return
      case "Alt+Shift+ArrowDown":
        this.swap(1)
        return
      default:
        throw new Error(`the toy editor does not know the key ${key}`)
    }
  }

  private enter(): void {
    const { line } = this
    if (line.type === "code") {
      this.insert("\n")
      return
    }
    if (line.list !== undefined && line.text === "") {
      line.list = undefined
      return
    }
    const rest = line.text.slice(this.at)
    line.text = line.text.slice(0, this.at)
    const type = line.type === "heading" ? "paragraph" : line.type
    this.lines.splice(this.row + 1, 0, { ...line, text: rest, type, level: 0, checked: false })
    this.row += 1
    this.moveTo(0)
  }

  private deleteSelection(): void {
    const [from, to] = [Math.min(this.at, this.anchor), Math.max(this.at, this.anchor)]
    this.moveTo(to)
    this.replaceBefore(to - from, "")
  }

  private swap(by: number): void {
    const other = this.lines[this.row + by]
    if (other === undefined) return
    this.lines[this.row + by] = this.line
    this.lines[this.row] = other
    this.row += by
  }
}

function plan(blocks: readonly Block[], seed: number, temper = HUMAN): Action[] {
  const random = prng.create(seed)
  return blocks.flatMap((block, index) => typeBlock(block, blocks[index - 1] ?? null, random, temper))
}

function carryOut(actions: readonly Action[]): ToyEditor {
  const editor = new ToyEditor()
  for (const action of actions) editor.perform(action)
  return editor
}

const FILES = ["minutes.md", "policy.md", "grant-application.md"]
const fixtures = FILES.map(file => {
  return parseScript(readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), "utf8"))
})

describe("a typist's plan", () => {
  test("without slips leaves exactly the script, in order and in shape", () => {
    for (const blocks of fixtures) {
      const { lines } = carryOut(plan(blocks, 1, CAREFUL))
      const shapes = lines
        .filter(line => line.text !== "" || line.type === "divider")
        .map(({ text, type, level, list, checked, indent, quote }) => ({
          text,
          type,
          level,
          list,
          checked,
          indent,
          quote,
        }))
      const wanted = blocks.map(block => ({
        text: textOf(block),
        type: block.type,
        level: block.level ?? 0,
        list: block.list,
        checked: block.checked ?? false,
        indent: block.indent ?? 0,
        quote: block.quote ?? false,
      }))
      expect(shapes).toEqual(wanted)
    }
  })

  test("with slips, forgotten words and second thoughts leaves the same texts", () => {
    for (const blocks of fixtures) {
      for (let seed = 1; seed <= 20; seed++) {
        const temper = { ...HUMAN, move: 0 }
        const { lines } = carryOut(plan(blocks, seed, temper))
        const texts = lines.map(line => line.text).filter(text => text !== "")
        expect(texts, `seed ${seed}`).toEqual(blocks.map(textOf).filter(text => text !== ""))
      }
    }
  })

  test("always has an empty block under the caret when a text begins", () => {
    for (const blocks of fixtures) {
      const { settledOn } = carryOut(plan(blocks, 3, { ...HUMAN, move: 0 }))
      expect(settledOn).toEqual(blocks.map(() => ""))
    }
  })

  test("is the same for the same seed and another for another", () => {
    const blocks = fixtures[0] ?? []
    expect(plan(blocks, 5)).toEqual(plan(blocks, 5))
    expect(plan(blocks, 5)).not.toEqual(plan(blocks, 6))
  })

  test("does make slips, goes back, thinks again and moves blocks", () => {
    const keys = new Set(
      plan(fixtures[1] ?? [], 2).flatMap(action => (action.do === "press" ? action.key : [])),
    )
    for (const key of ["Backspace", "ArrowLeft", "Shift+ArrowLeft", "Alt+Shift+ArrowUp"]) {
      expect(keys, key).toContain(key)
    }
  })

  test("waits as people do: mostly a tenth of a second, sometimes long, never negative", () => {
    const waits = plan(fixtures[2] ?? [], 4).flatMap(action => (action.do === "type" ? action.waitMs : []))
    const sorted = [...waits].sort((a, b) => a - b)
    const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
    expect(sorted[0]).toBeGreaterThan(0)
    expect(middle).toBeGreaterThan(90)
    expect(middle).toBeLessThan(150)
    expect(sorted.at(-1)).toBeGreaterThan(1000)
  })

  test("types an emoji of many code points in one go", () => {
    const block: Block = { type: "paragraph", spans: [{ text: "hi 👩🏽‍🌾🇪🇺", marks: [] }] }
    const typed = plan([block], 1).flatMap(action => (action.do === "type" ? action.text : []))
    expect(typed).toEqual(["h", "i", " ", "👩🏽‍🌾", "🇪🇺"])
  })
})

describe("what is missing from a document", () => {
  test("is what stands unbroken in no block", () => {
    expect(missingTexts(["one two", "three"], ["zero one two", "thr", "ee"])).toEqual(["three"])
  })

  test("counts: two who wrote the same need two places", () => {
    expect(missingTexts(["yes", "yes", "oh yes"], ["oh yes", "yes"])).toEqual(["yes"])
    expect(missingTexts(["yes", "yes", "oh yes"], ["oh yes yes", "yes"])).toEqual([])
  })
})
