// Numbers in sentences. Plurals follow Intl.
export const plural = new Intl.PluralRules("en-GB")
export const number = new Intl.NumberFormat("en-GB")

/** "1 word", "2 words". */
export const count = (amount: number, one: string, other: string): string =>
  `${number.format(amount)} ${plural.select(amount) === "one" ? one : other}`

/** A title for people: what they wrote, or that they have not. */
export const titleOr = (title: string): string => (title.trim() === "" ? UNTITLED : title)

export const UNTITLED = "Untitled"
