// What is said before the catalogue is here, on the way to the first key: the window's title, a document on its way from
// the disk, the text itself. These few sentences are in the app in all of its languages; all others come after the key.
import ar from "./ar.json?first"
import ca from "./ca.json?first"
import de from "./de.json?first"
import en from "./en.json?first"
import es from "./es.json?first"
import fr from "./fr.json?first"
import { chosenLanguage, languageFor } from "./languages"
import pt from "./pt.json?first"
import { createSay, type Say } from "./say"
import type { Words } from "./shape"

/** The part of a catalogue that compile.ts knows as the first. */
export interface FirstWords extends Pick<Words, "sheaf" | "untitled" | "windowTitle"> {
  readonly waiting: Pick<Words["waiting"], "opening">
  readonly editor: Pick<Words["editor"], "label" | "placeholder" | "hint">
  readonly pictures: Pick<Words["pictures"], "inText">
}

const CATALOGUES: Readonly<Record<string, (say: Say) => FirstWords>> = { ar, ca, de, en, es, fr, pt }

export const firstWords: FirstWords = begin()

// The page has its language and its direction from the first paint on.
function begin(): FirstWords {
  const preferred = typeof navigator === "undefined" ? [] : (navigator.languages ?? [])
  const { code, locale, direction } = languageFor(chosenLanguage(), preferred)
  if (typeof document !== "undefined") {
    document.documentElement.lang = code
    document.documentElement.dir = direction
  }
  const tree = CATALOGUES[code] ?? en
  return tree(createSay(locale, direction, tree(createSay(locale, direction, "")).untitled))
}
