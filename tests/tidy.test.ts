// The architecture as a test: it reads the import lines of `src/` and holds them to the table of rooms.
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { describe, expect, test } from "vitest"

const root = join(import.meta.dirname, "..")
const source = join(root, "src")

/** Rooms from the ground up: each may import those below it, and itself. */
const FLOORS = [
  "bytes",
  "crypto",
  "records",
  "log",
  "sync",
  "links",
  "storage",
  "replica",
  "people",
  "content",
  "formats",
  "editor",
  "app",
  "ui",
]
const RELAY_MAY = ["bytes", "crypto", "records", "log", "sync", "relay"]

interface Import {
  readonly to: string
  readonly typeOnly: boolean
  /** By a call, when it is asked for. */
  readonly later: boolean
}

interface SourceFile {
  /** Relative to `src/`, such as `log/log.ts`. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter(path => /\.tsx?$/.test(path))
  .map(read)
const byPath = new Map(files.map(file => [file.path, file]))

describe("the rooms", () => {
  test("a room imports only rooms below it", () => {
    const wrong = files.flatMap(file => {
      const room = roomOf(file.path)
      if (room === "main" || room === "relay") return []
      return file.imports
        .filter(({ to }) => to.startsWith("src/"))
        .filter(({ to }) => !isBelow(roomOf(to.slice(4)), room))
        .map(({ to }) => `${file.path} → ${to}`)
    })
    expect(wrong).toEqual([])
  })

  test("every file stands in a room of the table", () => {
    const known = new Set([...FLOORS, "relay", "main"])
    expect(files.map(file => file.path).filter(path => !known.has(roomOf(path)))).toEqual([])
  })

  test("the relay cannot decrypt, because nothing that it reaches could", () => {
    const reached = reach(files.filter(file => roomOf(file.path) === "relay").map(file => file.path))
    expect([...reached].filter(path => !RELAY_MAY.includes(roomOf(path)))).toEqual([])
    expect([...reached].filter(path => path === "crypto/sealing.ts")).toEqual([])
    expect(importersOf("yjs").filter(path => reached.has(path))).toEqual([])
    const openers = [...reached].filter(path =>
      /\b(secretbox|box)\b/.test(read(path).text.replace(/\/\/.*/g, "")),
    )
    expect(openers).toEqual(["crypto/nacl.ts"])
  })

  test("a link never sees a document, because it cannot import one", () => {
    const allowed = ["links/peers.ts"] // y-webrtc insists on an empty one
    const reached = reach(
      files.filter(file => ["links", "sync", "log"].includes(roomOf(file.path))).map(f => f.path),
    )
    expect(importersOf("yjs").filter(path => reached.has(path) && !allowed.includes(path))).toEqual([])
  })

  test("everything below editor/ runs without a DOM", () => {
    const browserFiles = ["links/", "storage/"]
    const below = files.filter(file => isBelow(roomOf(file.path), "formats") && roomOf(file.path) !== "main")
    const wrong = below
      .filter(file => !browserFiles.some(prefix => file.path.startsWith(prefix)))
      .filter(file =>
        /\b(window|document\.(body|createElement|querySelector)|HTMLElement|localStorage|navigator)\b/.test(
          code(file),
        ),
      )
    expect(wrong.map(file => file.path)).toEqual([])
    expect(
      below.flatMap(file => file.imports.filter(({ to }) => to === "prosemirror-view").map(() => file.path)),
    ).toEqual([])
  })

  test("packages with a sharp edge are each held by one file", () => {
    for (const name of ["tweetnacl", "y-webrtc", "y-indexeddb", "workbox-window", "better-sqlite3", "ws"]) {
      expect({ name, files: importersOf(name).length }).toEqual({
        name,
        files: Math.min(1, importersOf(name).length),
      })
    }
  })

  test("what the first key does not need is not on its way to it", () => {
    const early = reach(["main.tsx"], each => !each.later)
    const rooms = [
      "sync/exchange.ts",
      "sync/conversation.ts",
      "app/network.ts",
      "app/shared-network.ts",
      "app/files.ts",
      "formats/",
      "editor/editor.ts",
      "editor/notes.ts",
      "editor/clipboard.ts",
      "ui/Desk.tsx",
      "ui/HomeScreen.tsx",
      "ui/Problems.tsx",
      "ui/Icon.tsx",
      "ui/words.ts",
    ]
    expect([...early].filter(path => rooms.some(room => path.startsWith(room)))).toEqual([])
    const packages = ["@floating-ui/dom", "y-webrtc", "workbox-window", "match-sorter", "minisearch"]
    const heavy = [...early].flatMap(path =>
      (byPath.get(path)?.imports ?? [])
        .filter(({ to, typeOnly, later }) => !typeOnly && !later && packages.includes(to))
        .map(({ to }) => `${path} → ${to}`),
    )
    expect(heavy).toEqual([])
  })

  test("nobody imports what must not be imported", () => {
    expect(importersOf("simple-peer")).toEqual([])
    expect(importersOf("y-prosemirror")).toEqual([])
  })
})

describe("the files", () => {
  test("each opens with its story", () => {
    const silent = files.filter(file => !/^(\/\/|\/\*\*|#)/.test(file.text))
    expect(silent.map(file => file.path)).toEqual([])
  })

  test("none outgrows 350 lines", () => {
    expect(files.filter(file => file.text.split("\n").length > 351).map(file => file.path)).toEqual([])
  })

  test("a style for blocks looks for them in their sections", () => {
    const sheets = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(path =>
      path.endsWith(".css"),
    )
    const wrong = sheets.flatMap(path =>
      [
        ...readFileSync(join(source, path), "utf8").matchAll(
          /\.ProseMirror\s*>(?!\s*(?:\.section|:where\(\.section\)))[^{,]*/g,
        ),
      ].map(([selector]) => `${path}: ${selector.trim()} (write .ProseMirror > :where(.section) > …)`),
    )
    expect(wrong).toEqual([])
  })

  test("no test is skipped or singled out, no failure swallowed", () => {
    const tests = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
      .filter(path => /\.tsx?$/.test(path) && path !== "tidy.test.ts")
      .map(path => ({ path: `tests/${path}`, text: readFileSync(join(root, "tests", path), "utf8") }))
    const everything = [...files.map(file => ({ path: `src/${file.path}`, text: file.text })), ...tests]
    const weak =
      /\b(it|test|describe)\.(skip|only|todo)\(|catch *(\([a-zA-Z_]*\))? *\{ *\}|@ts-ignore|\bas any\b/
    expect(everything.filter(file => weak.test(file.text)).map(file => file.path)).toEqual([])
  })
})

function read(path: string): SourceFile {
  const text = readFileSync(join(source, path), "utf8")
  const imports: Import[] = []
  for (const match of text.matchAll(
    /(?:^|\n)\s*(import|export)(\s+type)?\b[^;'"]*?from\s*["']([^"']+)["']/g,
  )) {
    imports.push({ to: resolve(path, match[3] ?? ""), typeOnly: match[2] !== undefined, later: false })
  }
  for (const match of text.matchAll(/(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g)) {
    imports.push({
      to: resolve(path, match[1] ?? match[2] ?? ""),
      typeOnly: false,
      later: match[1] === undefined,
    })
  }
  return { path, text, imports }
}

/** `src/…` for a file of ours, the package's name (with its scope) otherwise. */
function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith("."))
    return specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/")
  return `src/${relative(source, join(source, dirname(from), specifier)).replaceAll("\\", "/")}`
}

function roomOf(path: string): string {
  return path.includes("/") ? (path.split("/")[0] ?? "") : path.replace(/\.tsx?$/, "")
}

function isBelow(room: string, than: string): boolean {
  return room === than || (FLOORS.includes(room) && FLOORS.indexOf(room) < FLOORS.indexOf(than))
}

function importersOf(name: string): string[] {
  return files
    .filter(file => file.imports.some(({ to, typeOnly }) => to === name && !typeOnly))
    .map(file => file.path)
}

function code(file: SourceFile): string {
  return file.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").replace(/"[^"\n]*"|`[^`]*`/g, '""')
}

/** All files of ours that these reach by imports which exist at run time. */
function reach(paths: readonly string[], follow = (_: Import) => true): Set<string> {
  const seen = new Set<string>()
  const queue = [...paths]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    for (const each of byPath.get(path)?.imports ?? []) {
      const { to, typeOnly } = each
      if (typeOnly || !follow(each) || !to.startsWith("src/")) continue
      const target = [`${to.slice(4)}.ts`, `${to.slice(4)}.tsx`, to.slice(4)].find(name => byPath.has(name))
      if (target) queue.push(target)
    }
  }
  return seen
}
