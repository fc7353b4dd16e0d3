// Every word that Sheaf's screens show, each once: the catalogue of the language that this window speaks (words/), as a
// tree of sentences. Plain words, short sentences, past tense, no blame: docs/translating.md says how they are to sound.
import { words } from "./words/spoken"
import { trimmed } from "./words/trimmed"

export { language, words } from "./words/spoken"

/** The title of a copy; nothing where there is no title. */
export const titleOfCopy = (title: string): string =>
  title.trim() === "" ? "" : words.duplicate.copyOf(trimmed(title, COPIED_LENGTH))

const COPIED_LENGTH = 280

/** A title for people: what they wrote, or that they have not. */
export const titleOr = (title: string): string => (title.trim() === "" ? words.untitled : title)
