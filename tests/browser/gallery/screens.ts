// The screens of the gallery by name, each with the model that makes it.
import type { App, Problem, Release } from "../../../src/app/model"
import { app, NOW, openDocument, PEOPLE, RELAY } from "./models"

const DAY_MS = 86_400_000

const RELEASE: Release = {
  version: "0.2.0",
  hash: "5f0c2a9be1d47783",
  notes: ["Comments can be answered from the phone.", "Opening a long document is twice as fast."],
}

const problemScreen =
  (problem: Problem): (() => App) =>
  () =>
    app({ place: { at: "problem", problem } })

const document =
  (facts: Parameters<typeof openDocument>[0], rest: Partial<Parameters<typeof app>[0]> = {}) =>
  (): App =>
    app({ place: { at: "document", document: openDocument(facts) }, ...rest })

export const screens: Readonly<Record<string, () => App>> = {
  document: document({}),
  "only-here": document({ relay: null, places: 1, people: [] }),
  unsent: document({
    relay: { ...RELAY, link: "away", receipt: { everything: false, at: NOW - 5 * 60_000 } },
    places: 1,
    unsentMs: 4 * 60_000,
    people: [],
  }),
  "unsent-long": document({
    relay: { ...RELAY, link: "away", receipt: { everything: false, at: NOW - 3 * DAY_MS } },
    places: 1,
    unsentMs: 2 * DAY_MS,
    people: [],
  }),
  crowd: document({
    people: PEOPLE,
    title: "Grant application to the Rural Communities Resilience Fund, second round",
  }),
  reading: document({ right: "view", places: 2 }),
  guest: document({ right: "edit", places: 2 }, { me: { name: "", colour: "moss" } }),
  waiting: document({
    content: "waiting",
    relay: { ...RELAY, link: "away", receipt: null },
    people: [],
    places: 1,
  }),
  first: document(
    { blank: true, relay: null, places: 1, people: [], title: "" },
    { rows: [], me: { name: "", colour: "moss" } },
  ),
  stranger: document({}, { me: { name: "", colour: "moss" } }),
  "not-saved": document(
    { saved: { state: "failed", problem: { kind: "disk-full" } }, places: 1 },
    { problems: [{ kind: "disk-full" }] },
  ),
  missed: document({ missed: { people: [{ name: "Bo" }, { name: "Leila Haddad" }] } }),
  removed: document({ right: "view", removed: { by: "Bo" }, people: [] }),
  update: document(
    {},
    { updateWaiting: RELEASE, problems: [{ kind: "clock-wrong", offByMs: -3 * 3_600_000 }] },
  ),
  home: () => app({ place: { at: "home" } }),
  empty: () => app({ place: { at: "home" }, rows: [] }),
  search: () => app({ place: { at: "search" } }),
  settings: () => app({ place: { at: "settings" } }),
  help: () => app({ place: { at: "help" } }),
  opening: () => app({ place: { at: "opening", title: "Minutes, 12 November" } }),
  "link-damaged": problemScreen({ kind: "link-damaged" }),
  "link-not-recognised": problemScreen({ kind: "link-not-recognised" }),
  "no-secure-context": problemScreen({ kind: "no-secure-context", address: "http://192.168.1.20:8080" }),
  "document-not-here": problemScreen({ kind: "document-not-here", id: "x" }),
  unexpected: problemScreen({ kind: "unexpected", what: "RangeError: the log is shorter than its own head" }),
}
