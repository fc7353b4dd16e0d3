// Where the words of a document are, and who holds them.
import type { DownloadFormat } from "../../app/model"
import { span, trimmed } from "../phrasing"
import { count, number, plural } from "./counting"

export const standingWords = {
  standing: {
    removed: "You no longer have access",
    removedShort: "No access",
    removedWhy: "What you had stays readable here. Nothing new comes.",
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

  formats: {
    html: { name: "Web page", why: "Opens in any browser and word processor, and keeps the look." },
    markdown: {
      name: "Markdown",
      why: "Plain text with signs for headings and lists. Sheaf can read it back.",
    },
    text: { name: "Plain text", why: "The words alone." },
  } satisfies Record<DownloadFormat, { name: string; why: string }>,
} as const
