// From a catalogue, a file of ICU messages, to a module of plain strings and small functions: at build time, so that no
// parser travels to people. Every catalogue is held to the English one: the same messages, each with the same
// arguments. Runs in Node only; docs/translating.md says what a translator may write.
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { parse, type Token } from "@messageformat/parser"

/** Part of a catalogue: a message, a list of parts, parts by name. */
export type Part = string | readonly Part[] | { readonly [name: string]: Part }

/** How an argument is put into a sentence (say.ts), and what it must be. */
const FORMATS = {
  number: "number",
  plural: "number",
  select: "string",
  string: "string",
  name: "string",
  text: "string",
  quote: "string",
  long: "string",
  title: "string",
  list: "readonly string[]",
} as const
type Format = keyof typeof FORMATS

interface Message {
  readonly tokens: readonly Token[]
  /** In the order in which the message first names them. */
  readonly args: ReadonlyMap<string, Format>
}

/** Thrown for a catalogue that cannot be used, with the way to the message: `it.home.flood: …`. */
export class CatalogueError extends Error {}

/** Changes what is said, piece by piece, and leaves the arguments alone: for pseudo-locales. */
export type Accent = (text: string) => string

const plain: Accent = text => text

/** The module of one catalogue: its default export makes the words of say.ts into the tree that the screens read. */
export function compileCatalogue(
  language: string,
  catalogue: Part,
  english: Part,
  accent: Accent = plain,
): string {
  return `export default say => (${partCode(catalogue, english, language, accent)})\n`
}

/** The TypeScript interface of the tree, from the English catalogue. */
export function typesOf(english: { readonly [name: string]: Part }): string {
  const groups = Object.entries(english).map(
    ([name, part]) => `  readonly ${name}: ${partType(part, name)}\n`,
  )
  return `${TYPES_HEAD}export interface Words {\n${groups.join("")}}\n`
}

const TYPES_HEAD = `// What the screens say, as a tree of messages: made from en.json by \`npm run words\`, and held to it by a test.
/* biome-ignore-all format: made by a program */

`

/**
 * Vite's part of it: `import words from "./es.json?words"` gives the compiled module, and `?first` that of the part which
 * is said before the catalogue is here.
 */
export function catalogues(accent: Accent = plain) {
  const wanted = /\/words\/([a-z]+)\.json\?(words|first)$/
  return {
    name: "sheaf-catalogues",
    enforce: "pre" as const,
    load(id: string) {
      const found = wanted.exec(id)
      if (!found?.[1]) return null
      const file = id.replace(/\?\w+$/, "")
      const read = (path: string) => {
        const catalogue = JSON.parse(readFileSync(path, "utf8")) as Part
        return found[2] === "first" ? picked(catalogue, FIRST) : catalogue
      }
      this.addWatchFile(file)
      return {
        code: compileCatalogue(found[1], read(file), read(join(dirname(file), "en.json")), accent),
        map: null,
      }
    },
  } as {
    name: string
    enforce: "pre"
    load(this: { addWatchFile(path: string): void }, id: string): { code: string; map: null } | null
  }
}

type Choice = true | { readonly [name: string]: Choice }

/** The part of a catalogue that first.ts knows: what is said before the rest of it is here. */
const FIRST: Choice = {
  sheaf: true,
  untitled: true,
  windowTitle: true,
  waiting: { opening: true },
  editor: { label: true, placeholder: true, hint: true },
  pictures: { inText: true },
}

function picked(part: Part | undefined, choice: Choice): Part {
  if (choice === true) return part ?? ""
  const parts = part as Readonly<Record<string, Part>>
  return Object.fromEntries(Object.entries(choice).map(([name, each]) => [name, picked(parts[name], each)]))
}

function partCode(part: Part, english: Part | undefined, way: string, accent: Accent): string {
  if (typeof part === "string") {
    if (typeof english !== "string")
      throw new CatalogueError(`${way}: the English catalogue has no such message`)
    return messageCode(part, english, way, accent)
  }
  if (english === undefined || typeof english === "string" || Array.isArray(part) !== Array.isArray(english))
    throw new CatalogueError(`${way}: expected what the English catalogue has there`)
  if (Array.isArray(part)) {
    const others = english as readonly Part[]
    if (part.length !== others.length)
      throw new CatalogueError(`${way}: expected ${others.length} parts, got ${part.length}`)
    return `[${part.map((each: Part, place) => partCode(each, others[place], `${way}[${place}]`, accent)).join(",")}]`
  }
  const parts = part as Readonly<Record<string, Part>>
  const others = english as Readonly<Record<string, Part>>
  for (const name of Object.keys(others))
    if (!Object.hasOwn(parts, name)) throw new CatalogueError(`${way}.${name}: missing`)
  const entries = Object.entries(parts).map(
    ([name, each]) => `${JSON.stringify(name)}:${partCode(each, others[name], `${way}.${name}`, accent)}`,
  )
  return `{${entries.join(",")}}`
}

function messageCode(text: string, english: string, way: string, accent: Accent): string {
  const { args } = read(english, way)
  const message = read(text, way)
  for (const [name, format] of message.args) {
    const meant = args.get(name)
    if (meant === undefined) throw new CatalogueError(`${way}: there is no {${name}} in the English message`)
    if (FORMATS[meant] !== FORMATS[format])
      throw new CatalogueError(`${way}: {${name}} is ${meant} in English, and ${format} here`)
  }
  for (const name of args.keys())
    if (!message.args.has(name)) throw new CatalogueError(`${way}: {${name}} is missing`)
  if (args.size === 0) return JSON.stringify(accent(plainText(message.tokens)))
  const names = [...args.keys()]
  const parameters = names.map((_, place) => `a${place}`)
  const nameOf = (name: string) => `a${names.indexOf(name)}`
  return `(${parameters.join(",")})=>${tokensCode(message.tokens, nameOf, null, accent)}`
}

function tokensCode(
  tokens: readonly Token[],
  nameOf: (arg: string) => string,
  counted: string | null,
  accent: Accent,
): string {
  if (tokens.length === 0) return '""'
  const pieces = tokens.map(token => {
    switch (token.type) {
      case "content":
        return JSON.stringify(accent(token.value))
      case "octothorpe":
        return `say.number(${counted})`
      case "argument":
        return nameOf(token.arg)
      case "function":
        return `say.${token.key}(${nameOf(token.arg)})`
      case "plural":
      case "select": {
        const arg = nameOf(token.arg)
        const within = token.type === "plural" ? arg : counted
        const cases = token.cases.map(
          ({ key, tokens: inner }) => `${JSON.stringify(key)}:${tokensCode(inner, nameOf, within, accent)}`,
        )
        return `say.${token.type}(${arg},{${cases.join(",")}})`
      }
      default:
        throw new CatalogueError(`a ${token.type} is not known here`)
    }
  })
  return pieces.length === 1 ? `${pieces[0]}` : pieces.join("+")
}

function partType(part: Part, way: string): string {
  if (typeof part === "string") {
    const { args } = read(part, way)
    if (args.size === 0) return "string"
    return `(${[...args].map(([name, format]) => `${name}: ${FORMATS[format]}`).join(", ")}) => string`
  }
  if (Array.isArray(part)) return `readonly ${partType(part[0] as Part, way)}[]`
  const entries = Object.entries(part).map(([name, each]) => {
    const key = /^[A-Za-z]\w*$/.test(name) ? name : JSON.stringify(name)
    return `readonly ${key}: ${partType(each as Part, `${way}.${name}`)}`
  })
  return `{ ${entries.join("; ")} }`
}

/** A message with its arguments. Throws CatalogueError. */
export function read(text: string, way: string): Message {
  let tokens: Token[]
  try {
    tokens = parse(text, { strict: false })
  } catch (error) {
    throw new CatalogueError(`${way}: ${error instanceof Error ? error.message.split("\n")[0] : error}`)
  }
  const args = new Map<string, Format>()
  const note = (name: string, format: Format) => {
    const before = args.get(name)
    if (before === undefined || FORMATS[before] === FORMATS[format]) args.set(name, before ?? format)
    else throw new CatalogueError(`${way}: {${name}} is ${before} and ${format}`)
  }
  const walk = (each: Token): void => {
    if (each.type === "argument") note(each.arg, "string")
    else if (each.type === "function") {
      if (!Object.hasOwn(FORMATS, each.key) || each.param)
        throw new CatalogueError(`${way}: {${each.arg}, ${each.key}} is not known here`)
      note(each.arg, each.key as Format)
    } else if (each.type === "plural" || each.type === "select") {
      note(each.arg, each.type)
      for (const { tokens: inner } of each.cases) inner.forEach(walk)
    } else if (each.type !== "content" && each.type !== "octothorpe")
      throw new CatalogueError(`${way}: a ${each.type} is not known here`)
  }
  tokens.forEach(walk)
  return { tokens, args }
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map(token => (token.type === "content" ? token.value : "")).join("")
}
