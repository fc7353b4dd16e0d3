// Every word that Sheaf's screens show, each once. Plain words, short sentences, past tense, no blame.
// Words with a number or a name in them are functions; plurals follow Intl. Nothing here looks at the
// app: which sentence applies is said by standing.ts and problems.ts.
import type { Right } from "../app/model"
import { listed, span, trimmed } from "./phrasing"
import { writing } from "./writing-words"

const plural = new Intl.PluralRules("en-GB")
const number = new Intl.NumberFormat("en-GB")

export const count = (amount: number, one: string, other: string): string =>
  `${number.format(amount)} ${plural.select(amount) === "one" ? one : other}`

/** A title for people: what they wrote, or that they have not. */
export const titleOr = (title: string): string => (title.trim() === "" ? words.untitled : title)

export const words = {
  sheaf: "Sheaf",
  untitled: "Untitled",
  documents: "Documents",
  allDocuments: "All documents",
  newDocument: "New document",
  newShort: "New",
  join: "Join with a link",
  joinShort: "Join",
  close: "Close",
  back: "Back",
  more: "More",
  notNow: "Not now",
  skipToText: "Skip to the text",
  skipToList: "Skip to your documents",
  windowTitle: (title: string) => `${titleOr(title)} — Sheaf`,

  editor: {
    label: (title: string) => `Text of ${titleOr(title)}`,
    placeholder: "Start writing. It is saved on this device as you go.",
    hint: "Press Alt and F10 for the toolbar. Press Escape, then Tab, to leave the text.",
    title: "Title",
    toolbar: "Formatting",
    selection: "Format the selection",
    style: "Style",
    words: (amount: number) => count(amount, "word", "words"),
    editing: "You can edit",
    reading: "You can read, not edit",
    liveWith: (names: readonly string[]) => `Live with ${listed(names)}`,
    carried: (name: string, how: string) => `${name} (${how})`,
    justYou: "Just you",
    saved: {
      saved: "Saved on this device",
      saving: "Saving on this device",
      failed: "Not saved on this device",
    },
    hideKeyboard: "Hide the keyboard",
  },

  ...writing,

  standing: {
    failed: "Not saved on this device",
    failedShort: "Not saved",
    waiting: "Waiting for a copy",
    waitingShort: "Waiting",
    blank: "Saved on this device",
    blankShort: "Saved",
    onlyHere: "Only on this device",
    onlyHereShort: "Only here",
    unsent: (ms: number) => `Saved here · ${span(ms)} of work not yet elsewhere`,
    unsentShort: "Saved here",
    sending: "Saved here · sending",
    sendingShort: "Sending",
    relay: "Here and on the relay",
    relayShort: "In 2 places",
    device: "On 1 other device",
    deviceShort: "On 1 other",
    safe: (places: number) => `Safe in ${number.format(places)} places`,
    safeShort: (places: number) => `Safe · ${number.format(places)}`,
    failedWhy: "Your last changes are only in this window. Download a copy before you close it.",
    waitingWhy: "Nobody who has this document is reachable yet. It arrives when one of them is.",
    blankWhy: "What you write is saved on this device as you go.",
    onlyHereWhy: "If this device is lost, so is this document. Share it, and a copy lives elsewhere too.",
    unsentWhy: "An earlier version is elsewhere too. The newest changes go when a copy is reachable.",
    unsentFirstWhy: "Saved here. It goes elsewhere as soon as the relay or another device is reachable.",
    sendingWhy: "The newest changes are on their way.",
    relayWhy: "The relay keeps a sealed copy, which it cannot read.",
    deviceWhy: "One other device has told us that it has everything.",
    safeWhy: "Each of these places has told us that it has everything.",
    opens: "Where this document lives",
  },

  places: {
    here: "This device",
    savedAt: (when: string) => `saved ${when}`,
    saving: "saving",
    notSaved: "the last changes are not saved",
    relay: (name: string) => `Relay “${trimmed(name, 60)}”`,
    relaySealed: "sealed copy: it cannot read it",
    relayEverything: (when: string) => `has everything · ${when}`,
    relayEarlier: (when: string) => `has an earlier version · ${when}`,
    relayNothing: "has nothing of it yet",
    relayLink: {
      connecting: "reaching it…",
      live: "connected now",
      away: "not reachable now; keep writing",
      refused: "it does not take this document",
    },
    others: (amount: number) => count(amount, "other device", "other devices"),
    othersHave: (amount: number) => (plural.select(amount) === "one" ? "has everything" : "have everything"),
    noRelay: "No relay is used for this document.",
    download: "Download a copy",
  },

  people: {
    heading: "Here now",
    open: (amount: number) => count(amount, "person is here", "people are here"),
    you: (name: string) => (name === "" ? "You" : `${name} (you)`),
    nameless: "Someone",
    carriedBy: {
      relay: "through the relay",
      peers: "directly",
    },
  },

  rights: { admin: "can share", edit: "can edit", view: "can read" } satisfies Record<Right, string>,

  home: {
    empty: "Nothing here yet",
    emptyWhy: "Documents you write or join are kept on this device. No account is needed.",
    allSafe: (amount: number) =>
      `${count(amount, "document is", "documents are")} in 2 or more other places.`,
    onlyHere: (amount: number) => `${count(amount, "document is", "documents are")} only on this device.`,
    edited: (when: string) => `Edited ${when}`,
    noWords: "No words here yet",
    shared: "Shared",
  },

  share: {
    open: "Share",
    heading: (title: string) => `Share “${trimmed(titleOr(title), 60)}”`,
    askName: "What should others call you?",
    askNameWhy: "They see this name beside your changes. There is no account.",
    yourName: "Your name",
    yourColour: "Your colour",
    next: "Continue",
    who: "Anyone with the link",
    editWhy: "They write with you and see what you write.",
    viewWhy: "They see everything, also what comes later, and change nothing.",
    make: "Create a link",
    making: "Creating…",
    copy: "Copy link",
    copied: "Copied",
    copyByHand: "Copying is not allowed here. The link is selected: copy it by hand.",
    send: "Send…",
    another: "Create another link",
    warning: {
      edit: "Anyone with this link can edit. The key is in the link: send it privately.",
      view: "Anyone with this link can read. The key is in the link: send it privately.",
    },
    withdraw:
      "Sheaf cannot withdraw a link yet. When it can, this device will be the one to do it; what somebody has already read stays with them.",
    notYours: "Only the person who started this document can make links. Ask them to share it.",
    failed: "The link could not be made. The document is as it was. Try once more.",
    offline: "Links can be made without a connection.",
  },

  joining: {
    label: "Paste the whole link",
    example: "https://…",
    why: "The link carries the key. It stays on this device and is sent to nobody.",
    going: "Joining…",
  },

  waiting: {
    heading: "It has not arrived yet",
    opening: (title: string) => `Opening ${titleOr(title)}…`,
    nobody: "It will arrive when somebody who has it, or the relay, is reachable.",
    relay: (name: string) =>
      `It will arrive when the relay “${trimmed(name, 60)}” is reachable, or somebody who has it.`,
    relayLive: "The relay is reachable and has no copy. It will arrive when somebody who has it is here.",
    people: (names: readonly string[]) => `${listed(names)} can send it. It is on its way.`,
    leave: "Leave this open or come back later: Sheaf keeps trying.",
  },

  theme: { heading: "Appearance", system: "As the device", light: "Light", dark: "Dark" },

  update: { ready: "A new version is ready", take: "Update" },

  problems: {
    dismiss: "Dismiss",
    home: "Go to your documents",
    reload: "Reload",
  },

  about: {
    heading: "What is Sheaf?",
    lines: [
      "Sheaf is for writing documents together when the internet is unreliable.",
      "Every document lives on your own devices, so everything works without a connection. When others are reachable, what you wrote and what they wrote is put together, and nothing is lost.",
      "What leaves this device is sealed. A relay may keep a sealed copy so that you need not be online at the same moment; it cannot read it.",
      "No account, no e-mail. To write with somebody, press Share and send them the link.",
    ],
  },

  live: {
    arrived: "The document has arrived.",
    copied: "Link copied.",
  },
} as const
