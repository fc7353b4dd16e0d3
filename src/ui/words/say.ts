// How a language says numbers, lists, and what people wrote: what compiled messages are made of.
import { trimmed } from "./trimmed"

/** The ways in which an argument stands in a sentence; their names are the formats of a catalogue (compile.ts). */
export interface Say {
  number(amount: number): string
  /** The form for an amount: `=2` before its category, `other` if there is neither. */
  plural(amount: number, forms: Readonly<Record<string, string>>): string
  select(which: string, forms: Readonly<Record<string, string>>): string
  /** "Ana, Bo and Chi". */
  list(parts: readonly string[]): string
  /** What somebody wrote, made fit for the middle of a sentence: a name, */
  name(foreign: string): string
  /** a line, */
  text(foreign: string): string
  /** words out of a text, */
  quote(foreign: string): string
  /** a longer one, */
  long(foreign: string): string
  /** the title of a document, or that it has none. */
  title(foreign: string): string
}

const NAME_LENGTH = 40
const TEXT_LENGTH = 60
const QUOTE_LENGTH = 80
const LONG_LENGTH = 200

// U+2068 and U+2069: what is between does not turn the sentence round (UAX #9). Only where sentences run the other way.
const isolated = (text: string) => `\u2068${text}\u2069`

/** @param untitled what stands for a document without a title */
export function createSay(locale: string, direction: "ltr" | "rtl", untitled: string): Say {
  const numbers = new Intl.NumberFormat(locale)
  const rules = new Intl.PluralRules(locale)
  const lists = new Intl.ListFormat(locale, { type: "conjunction" })
  const other = direction === "rtl" ? isolated : (text: string) => text
  const cut = (length: number) => (foreign: string) => other(trimmed(foreign, length))
  return {
    number: amount => numbers.format(amount),
    plural: (amount, forms) => forms[`=${amount}`] ?? forms[rules.select(amount)] ?? forms["other"] ?? "",
    select: (which, forms) => forms[which] ?? forms["other"] ?? "",
    list: parts => lists.format(parts),
    name: cut(NAME_LENGTH),
    text: cut(TEXT_LENGTH),
    quote: cut(QUOTE_LENGTH),
    long: cut(LONG_LENGTH),
    title: foreign => (foreign.trim() === "" ? untitled : cut(TEXT_LENGTH)(foreign)),
  }
}
