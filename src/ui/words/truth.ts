// Who could read, change and lose a document, in plain words (docs/threat-model.md is the long form).
import { listed, trimmed } from "../phrasing"
import { count, number } from "./counting"

export const truthWords = {
  truth: {
    open: "Who could read this?",
    heading: "Who could read, change, lose this?",
    read: "Who could read it",
    you: "You, on this device, and whoever holds it unlocked.",
    holders: (right: string, names: readonly string[]) =>
      names.length === 0
        ? `Whoever gets hold of the link that says “${right}”. Nobody has come by it yet.`
        : `${listed(names.map(name => trimmed(name, 40)))}, who ${right}, and whoever else gets hold of their link.`,
    someone: (amount: number) => count(amount, "person without a name", "people without a name"),
    nobodyElse: "Nobody else. It has never been shared.",
    sealed: (relay: string) =>
      `Not the relay “${trimmed(relay, 60)}”, nor anybody on the way: they have sealed copies, and see how much there is and when it changes.`,
    kept: "What somebody has read they can keep, also after you take their right back.",
    change: "Who could change it",
    writers: (names: readonly string[]) => `${listed(["You", ...names.map(name => trimmed(name, 40))])}.`,
    onlyReading: "You cannot: you may read it.",
    others:
      "Nobody else, whatever program they use: every device checks who signed a change, and turns away what was altered on the way.",
    back: "What somebody changes can be seen in the history, and put back.",
    lose: "Who could lose it",
    places: (places: number) =>
      places <= 1
        ? "You: it is only on this device. If the device is lost, so is the document."
        : `It is in ${count(places, "place", "places")}, each of which has told us that it has everything. All ${number.format(places)} would have to be lost.`,
    nobodyDeletes: "Nobody can delete it from this device but you.",
    browser:
      "The browser may clear what it keeps when the disk is full, unless it has promised not to: the settings say which it is.",
    more: "What Sheaf does not protect from",
  },
} as const
