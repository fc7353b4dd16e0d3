// The languages that Sheaf speaks, which of them this device is spoken to in, and where the others are fetched. A
// catalogue is one file, fetched once and kept by the service worker (sw/).
import { browserShelf } from "../theme"
import { matching } from "./matching"
import type { Say } from "./say"
import type { Words } from "./shape"

export interface Language {
  readonly code: string
  /** In the language itself. */
  readonly name: string
  /** For numbers, dates and lists (BCP 47). */
  readonly locale: string
  readonly direction: "ltr" | "rtl"
  readonly load: () => Promise<{ readonly default: (say: Say) => Words }>
}

const ENGLISH: Language = {
  code: "en",
  name: "English",
  locale: "en-GB",
  direction: "ltr",
  load: () => import("./en.json?words"),
}

/** English first; it is spoken where no other fits. */
export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  { code: "es", name: "Español", locale: "es", direction: "ltr", load: () => import("./es.json?words") },
  { code: "ca", name: "Català", locale: "ca", direction: "ltr", load: () => import("./ca.json?words") },
  { code: "fr", name: "Français", locale: "fr", direction: "ltr", load: () => import("./fr.json?words") },
  { code: "de", name: "Deutsch", locale: "de", direction: "ltr", load: () => import("./de.json?words") },
  { code: "pt", name: "Português", locale: "pt-PT", direction: "ltr", load: () => import("./pt.json?words") },
  {
    code: "ar",
    name: "العربية",
    locale: "ar-u-nu-latn",
    direction: "rtl",
    load: () => import("./ar.json?words"),
  },
]

/** Where the choice is kept: the page must know it before it can read anything else. */
const CHOSEN = "sheaf/language"

/** Which language was chosen on this device, by its code; null: none, it follows the device. */
export function chosenLanguage(): string | null {
  return typeof window === "undefined" ? null : (browserShelf()?.getItem(CHOSEN) ?? null)
}

/** Chooses a language; null: it follows the device. What is drawn already stays as it is. */
export function chooseLanguage(code: string | null): void {
  if (code === null) browserShelf()?.removeItem(CHOSEN)
  else browserShelf()?.setItem(CHOSEN, code)
}

/** The first language that is spoken here: of the one that was chosen, and those that the device prefers. */
export function languageFor(chosen: string | null, preferred: readonly string[]): Language {
  const codes = LANGUAGES.map(({ code }) => code)
  const code = matching(codes, chosen === null ? preferred : [chosen, ...preferred])
  return LANGUAGES.find(each => each.code === code) ?? ENGLISH
}
