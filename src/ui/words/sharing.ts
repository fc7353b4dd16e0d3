// What was given in a document, and taking it back.
import { listed, trimmed } from "../phrasing"
import { count } from "./counting"

/** Those who have come by a link: the names that are known, and how many are without. */
function whoOf(people: readonly string[]): string {
  const names = [...new Set(people.filter(name => name !== ""))].map(name => trimmed(name, 40))
  const nameless = people.filter(name => name === "").length
  const others = nameless === 0 ? [] : [count(nameless, "device without a name", "devices without a name")]
  return listed([...names, ...others])
}

export const sharingWords = {
  given: {
    heading: "Who has a right",
    nobody: "You have given no rights yet.",
    by: (people: readonly string[]) => (people.length === 0 ? "Nobody has come by it yet." : whoOf(people)),
    until: (when: string) => `until ${when}`,
    takeBack: "Take back",
    takeBackFrom: (right: string, people: readonly string[]) =>
      people.length === 0 ? `Take back “${right}”` : `Take back “${right}” from ${whoOf(people)}`,
    question: (right: string, people: readonly string[]) =>
      people.length === 0 ? `Take “${right}” back?` : `Take “${right}” back from ${whoOf(people)}?`,
    can: "They can still have",
    canWhat: "everything that has reached their devices until now.",
    cannot: "They cannot have",
    cannotWhat: "anything that is written from now on. What they write from now on reaches nobody.",
    link: "The link stops working.",
    others: "Everybody else goes on as before, with a new key that comes to them by itself.",
    away: "A device that is offline hears of it when it is back.",
    yes: "Take it back",
    going: "Taking it back…",
    keep: "Keep it",
    done: (right: string) => `“${right}” was taken back.`,
    failed:
      "It could not be kept on this device, and nothing was changed. Make room on the disk, and try again.",
  },

  removed: {
    title: "You no longer have access",
    by: (name: string) =>
      name === ""
        ? "Somebody who looks after this document took your right back."
        : `${trimmed(name, 40)} took your right back.`,
    ranOut: "Your right had an end, and has run out. Whoever gave it can give another.",
    what: "What you had stays readable here. Nothing new comes, and nothing of yours goes out.",
  },
} as const
