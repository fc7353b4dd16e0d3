// What a document was.
import { listed, trimmed } from "../phrasing"
import { count, number } from "./counting"

const named = (people: readonly ("own" | { readonly name: string })[]) =>
  people.map(each => (each === "own" ? "You" : each.name === "" ? "somebody" : trimmed(each.name, 40)))

export const historyWords = {
  history: {
    open: "History",
    heading: (title: string) => `History of “${trimmed(title, 60)}”`,
    reading: "Reading what was written…",
    empty: "Versions appear as you write.",
    versions: "Versions",
    who: (people: readonly ("own" | { readonly name: string })[]) => listed(named(people)),
    changes: (amount: number) => count(amount, "change", "changes"),
    compareWith: "Compared with",
    theOneBefore: "the version before",
    now: "how it is now",
    seen: "when you were last here",
    nothing: "nothing",
    next: "Next change",
    previous: "Previous change",
    place: (at: number, of: number) => `Change ${number.format(at)} of ${number.format(of)}`,
    restore: "Restore this version",
    restoreWhy: "It becomes one change, which you can undo. What was written since stays in the history.",
    restored: "The version was restored. Undo takes it back.",
    same: "Nothing differs.",
    failed: "The history could not be read on this device. Try once more.",
    close: "Back to the text",
    shows: (when: string) => `The document as it was, ${when}`,
  },

  missed: {
    by: (people: readonly { readonly name: string }[]) =>
      `Since you were last here, ${listed(named(people))} wrote in it.`,
    show: "Show what changed",
    dismiss: "I have seen it",
  },
} as const
