// The language of this window, chosen and fetched before anything is drawn: whoever imports this waits for it (a
// top-level await), so that every other file can read its words as if they stood in it.
import { chosenLanguage, LANGUAGES, type Language, languageFor } from "./languages"
import { createSay } from "./say"
import type { Words } from "./shape"

interface Spoken {
  readonly language: Language
  readonly words: Words
}

/** What is spoken here. */
export const { language, words }: Spoken = await begin()

async function begin(): Promise<Spoken> {
  const preferred = typeof navigator === "undefined" ? [] : (navigator.languages ?? [])
  const wanted = languageFor(chosenLanguage(), preferred)
  const spoken = await firstOf([wanted, ...LANGUAGES.filter(other => other !== wanted)])
  if (typeof document !== "undefined") {
    document.documentElement.lang = spoken.language.code
    document.documentElement.dir = spoken.language.direction
  }
  return spoken
}

// A language that cannot be had now (without a connection, and not kept) gives way to one that can.
async function firstOf(languages: readonly Language[]): Promise<Spoken> {
  let failure: unknown = null
  for (const language of languages) {
    try {
      const { default: tree } = await language.load()
      const { untitled } = tree(createSay(language.locale, language.direction, ""))
      return { language, words: tree(createSay(language.locale, language.direction, untitled)) }
    } catch (error) {
      failure ??= error
    }
  }
  throw failure
}
