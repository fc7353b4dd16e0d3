// Made-up models for looking at the screens: each is a plain App whose signals stand still.
import { signal } from "@preact/signals"
import type {
  App,
  Content,
  DocumentRow,
  FiledDocument,
  GivenRight,
  HoldingPlace,
  KeptCopy,
  Me,
  OpenDocument,
  Pause,
  Person,
  Place,
  Problem,
  RelayState,
  Release,
  Right,
  Saved,
} from "../../../src/app/model"
import { NO_NOTES } from "../../../src/app/notes"
import type { History, Missed, Past } from "../../../src/app/past"
import { schema } from "../../../src/content/schema"
import { createDocument } from "../../../src/replica/document"
import { minutes } from "./minutes"

/** The moment at which the gallery stands still. */
export const NOW = new Date(2026, 10, 12, 14, 5, 30).getTime()
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export const PEOPLE: readonly Person[] = [
  {
    key: "1",
    name: "Ana Sousa",
    colour: "clay",
    carriedBy: "peers",
    right: "edit",
    pausedUntil: null,
    followsMe: false,
  },
  {
    key: "2",
    name: "Bo",
    colour: "lagoon",
    carriedBy: "relay",
    right: "edit",
    pausedUntil: null,
    followsMe: true,
  },
  {
    key: "3",
    name: "ليلى حداد",
    colour: "plum",
    carriedBy: "relay",
    right: "view",
    pausedUntil: null,
    followsMe: false,
  },
  {
    key: "4",
    name: "Jo\u202e\nevil",
    colour: "ochre",
    carriedBy: "relay",
    right: "edit",
    pausedUntil: null,
    followsMe: false,
  },
  {
    key: "5",
    pausedUntil: NOW + 2 * 60 * MINUTE_MS,
    followsMe: false,
    name: "Dimitra Papadopoulou-Konstantinidou",
    colour: "indigo",
    carriedBy: "peers",
    right: "edit",
  },
]

export const RELAY: RelayState = {
  name: "relay.seedbank.coop",
  link: "live",
  receipt: { everything: true, at: NOW - 20_000 },
}

const WEEK_MS = 7 * 24 * 60 * 60_000
const HOLDERS: readonly HoldingPlace[] = [
  { key: "bo", kind: "phone", name: "Bo", own: false, at: NOW - 30_000, everything: true },
  { key: "own", kind: "tablet", name: "Chi", own: true, at: NOW - 5 * WEEK_MS, everything: false },
]

interface DocumentFacts {
  readonly title?: string
  readonly right?: Right
  readonly content?: Content
  readonly saved?: Saved
  readonly relay?: RelayState | null
  readonly people?: readonly Person[]
  readonly places?: number
  readonly holders?: readonly HoldingPlace[]
  readonly unsentMs?: number
  readonly blank?: boolean
  readonly shareFails?: boolean
  readonly removed?: OpenDocument["removed"]
  readonly missed?: Missed
  readonly given?: readonly GivenRight[]
}

export function openDocument(facts: DocumentFacts = {}): OpenDocument {
  const doc = facts.blank === true ? createDocument() : minutes()
  const title = signal(facts.title ?? "Minutes, 12 November")
  return {
    id: "gallery",
    doc,
    right: facts.right ?? "admin",
    title,
    content: signal(facts.content ?? "here"),
    saved: signal(facts.saved ?? { state: "saved", at: NOW - 12_000 }),
    relay: signal(facts.relay === undefined ? RELAY : facts.relay),
    people: signal(facts.people ?? PEOPLE.slice(0, 2)),
    carets: signal(
      (facts.people ?? PEOPLE).slice(0, 2).map(({ key, name, colour }) => ({ key, name, colour, caret: {} })),
    ),
    unsentMs: signal(facts.unsentMs ?? 0),
    places: signal(facts.places ?? 3),
    holders: signal(facts.holders ?? ((facts.places ?? 3) > 2 ? HOLDERS : [])),
    forget: () => undefined,
    target: signal(2),
    outdated: signal(false),
    quiet: signal(false),
    follows: signal(null),
    notes: NO_NOTES,
    pictures: null,
    setTitle: text => {
      title.value = text
    },
    caretMoved: () => undefined,
    removed: facts.removed ?? null,
    history: async () => HISTORY,
    missed: signal(facts.missed ?? null),
    seeAll: () => undefined,
    sharing: {
      given: signal(facts.given ?? GIVEN),
      look: () => Promise.resolve(),
      link: right =>
        facts.shareFails === true
          ? Promise.reject(new Error("the gallery was asked to fail"))
          : Promise.resolve(
              `https://sheaf.example/join#1.${right}.pT4nq8Zr0VbXw2mC7sLk9dYfJh5aGu3E6iOoNcRtBvQ`,
            ),
      takeBack: () => Promise.resolve(),
    },
    download: () => Promise.resolve(),
  }
}

const pastOf = (words: string): Past => ({
  title: "Minutes, 12 November",
  content: schema.node("doc", null, [
    schema.node("heading", { level: 2 }, schema.text("Opening")),
    schema.node("paragraph", null, words === "" ? [] : schema.text(words)),
  ]),
})
const HISTORY: History = {
  versions: [
    { key: "3", at: NOW - 5 * 60_000, people: ["own", { name: "Bo" }] },
    { key: "2", at: NOW - 3 * 60 * 60_000, people: [{ name: "Leila Haddad" }] },
    { key: "1", at: NOW - 30 * 60 * 60_000, people: [{ name: "" }] },
  ],
  at: index =>
    pastOf(["Present: Ana, Bo and Leila.", "Present: Ana and Leila.", "Present: Ana."][index] ?? ""),
  seen: pastOf("Present: Ana."),
  before: index => pastOf(["Present: Ana and Leila.", "Present: Ana.", ""][index] ?? ""),
}

const GIVEN: readonly GivenRight[] = [
  { key: "1", right: "edit", until: null, people: ["Bo", "Leila Haddad", ""] },
  { key: "2", right: "view", until: null, people: [] },
]

export const ROWS: readonly DocumentRow[] = [
  row("Minutes, 12 November", "Present: Ana, Bo, Leila. Apologies: Jo. The seed order", 3 * MINUTE_MS, 4),
  row(
    "Bylaws (draft 3)",
    "1. Name. The name of the co-operative shall be Long Acre Growers.",
    26 * 60 * MINUTE_MS,
    3,
  ),
  row("ميزانية الربيع", "البذور والأدوات والإيجار", 3 * DAY_MS, 2),
  row("", "", 9 * DAY_MS, 1),
  row(
    "Grant application to the Rural Communities Resilience Fund, second round, with annexes and letters",
    "We are eleven growers on four hectares of rented land who",
    40 * DAY_MS,
    1,
  ),
  {
    ...row("How to open the shop", "Keys hang behind the counter.", 400 * DAY_MS, 5),
    right: "view",
  },
]

function row(title: string, snippet: string, ageMs: number, places: number): DocumentRow {
  return {
    id: `row-${ageMs}`,
    title,
    snippet,
    editedAt: NOW - ageMs,
    shared: places > 1,
    right: "admin",
    places,
    target: 2,
    pinned: ageMs === 26 * 60 * MINUTE_MS,
    folder: ageMs > 5 * DAY_MS ? "Growing" : "",
    trashedAt: null,
  }
}

/** What a search for "seed" shows. */
const FOUND = {
  query: "seed",
  hits: [
    {
      id: "row-1",
      title: "Seed order, spring",
      titleMatches: [{ from: 0, to: 4 }],
      excerpt: "… the seed order goes out on Friday; Ana asks for more kale seed than last year …",
      matches: [
        { from: 6, to: 10 },
        { from: 59, to: 63 },
      ],
    },
    {
      id: "row-2",
      title: "Minutes, 12 November",
      titleMatches: [],
      excerpt: "Present: Ana, Bo, Leila. Apologies: Jo. The seed order was read out …",
      matches: [{ from: 44, to: 48 }],
    },
  ],
  total: 2,
  notHere: 2,
}
const FILED: readonly FiledDocument[] = [
  {
    id: "a",
    title: "Minutes of the general assembly",
    as: "known",
    edits: [
      { name: "Ana", own: false, count: 3 },
      { name: null, own: true, count: 1 },
    ],
  },
  { id: "b", title: "Budget", as: "new", edits: [{ name: null, own: false, count: 12 }] },
  { id: "c", title: "How to open the shop", as: "known", edits: [] },
  { id: "d", title: "", as: "unreadable", edits: [] },
]

interface AppFacts {
  readonly kept?: readonly KeptCopy[]
  readonly pause?: Pause
  readonly place: Place
  readonly rows?: readonly DocumentRow[]
  readonly me?: Me
  readonly problems?: readonly Problem[]
  readonly updateWaiting?: Release
}

export function app(facts: AppFacts): App {
  const me = signal<Me>(facts.me ?? { name: "Chi", colour: "pine" })
  const problems = signal(facts.problems ?? [])
  return {
    place: signal(facts.place),
    rows: signal(facts.rows ?? ROWS),
    me,
    problems,
    updateWaiting: signal(facts.updateWaiting ?? null),
    arranging: {
      pin: () => Promise.resolve(),
      move: () => Promise.resolve(),
      want: () => Promise.resolve(),
      trash: () => Promise.resolve(),
      restore: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    keeping: {
      copies: signal(facts.kept ?? [{ id: "kept", name: "", since: NOW - 9 * WEEK_MS }]),
      name: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
    search: { found: signal(FOUND), reading: signal(0), look: () => undefined },
    room: {
      state: signal({ kept: false, usedBytes: 12_400_000, mostBytes: 3_200_000_000 }),
      look: () => Promise.resolve(),
      keep: () => Promise.resolve(),
    },
    installing: { way: signal("by-hand"), install: () => Promise.resolve() },
    go: () => undefined,
    traffic: {
      pause: signal(facts.pause ?? null),
      limits: signal({ capKBs: null, hours: "any" }),
      pauseUntil: () => undefined,
      resume: () => undefined,
      limit: () => undefined,
    },
    files: {
      amount: signal(ROWS.length),
      save: () => Promise.resolve(),
      takeEverything: () => Promise.resolve(),
      open: () => Promise.resolve({ outcome: "taken-in", whole: true, documents: FILED }),
    },
    create: () => Promise.resolve(),
    open: () => Promise.resolve(),
    receive: () => Promise.resolve(),
    arrived: signal(null),
    join: () => Promise.resolve(),
    introduce: next => {
      me.value = next
      return Promise.resolve()
    },
    dismiss: problem => {
      problems.value = problems.value.filter(each => each !== problem)
    },
    takeUpdate: () => undefined,
  }
}
