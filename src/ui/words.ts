// Every word that Sheaf's screens show, each once. Plain words, short sentences, past tense, no blame.
// Words with a number or a name in them are functions; plurals follow Intl. Nothing here looks at the
// app: which sentence applies is said by standing.ts and problems.ts. The words of larger parts lie in words/.
import type { Right } from "../app/model"
import { listed, trimmed } from "./phrasing"
import { count, titleOr, UNTITLED } from "./words/counting"
import { editorWords } from "./words/editor"
import { helpWords } from "./words/help"
import { historyWords } from "./words/history"
import { homeWords } from "./words/home"
import { pictureWords } from "./words/pictures"
import { settingsWords } from "./words/settings"
import { sharingWords } from "./words/sharing"
import { standingWords } from "./words/standing"
import { truthWords } from "./words/truth"
import { writingWords } from "./words/writing"

export { titleOr }

export const words = {
  pictures: pictureWords,
  sheaf: "Sheaf",
  untitled: UNTITLED,
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
  rights: {
    admin: "can share",
    edit: "can edit",
    suggest: "can suggest changes",
    comment: "can comment",
    view: "can read",
  } satisfies Record<Right, string>,
  theme: { heading: "Appearance", system: "As the device", light: "Light", dark: "Dark" },
  update: {
    ready: "A new version is ready",
    which: (version: string, hash: string) => `Version ${version}, ${hash}`,
    take: "Update",
  },

  ...editorWords,
  ...writingWords,
  ...standingWords,
  ...homeWords,
  ...settingsWords,
  ...sharingWords,
  ...truthWords,
  ...historyWords,
  ...helpWords,

  people: {
    heading: "Here now",
    open: (amount: number) => count(amount, "person is here", "people are here"),
    you: (name: string) => (name === "" ? "You" : `${name} (you)`),
    nameless: "Someone",
    go: "Go to",
    goTo: (name: string) => `Go to where ${name} is`,
    follow: "Follow",
    followPerson: (name: string) => `Follow ${name}`,
    following: (name: string) => `Your screen goes with ${name}. Escape ends it.`,
    followsYou: "follows you",
    stopFollowing: "Stop",
    followedNoMore: "You follow nobody any more.",
    quietly: "Work quietly",
    quietlyWhy: "Others see that you are here, and not where.",
    pausedUntil: (until: string) => `paused until ${until}`,
    carriedBy: {
      relay: "through the relay",
      peers: "directly",
      person: (name: string) => `through ${name}`,
    },
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
    why: {
      edit: "They write with you and see what you write.",
      suggest: "They comment, and propose changes that others accept or reject.",
      comment: "They see everything and comment beside it. The text stays as it is.",
      view: "They see everything, also what comes later, and change nothing.",
    },
    valid: {
      label: "The link works",
      always: "until you take it back",
      day: "for a day",
      week: "for a week",
      month: "for 30 days",
    },
    make: "Create a link",
    making: "Creating…",
    copy: "Copy link",
    copied: "Copied",
    copyByHand: "Copying is not allowed here. The link is selected: copy it by hand.",
    send: "Send…",
    another: "Create another link",
    warning: {
      edit: "Anyone with this link can edit. The key is in the link: send it privately.",
      suggest: "Anyone with this link can suggest changes. The key is in the link: send it privately.",
      comment: "Anyone with this link can comment. The key is in the link: send it privately.",
      view: "Anyone with this link can read. The key is in the link: send it privately.",
    },
    withdraw: "You can take it back here at any time. What somebody has read until then stays with them.",
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
    resumed: "Sending and fetching go on.",
    copied: "Link copied.",
  },
} as const
