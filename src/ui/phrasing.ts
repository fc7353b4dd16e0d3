// Small turns of phrase that need arithmetic, in the language that is spoken here: lists of names, spans of time,
// moments, words in a text. Pure: the present moment is always handed in.
import { language, words } from "./words/spoken"
import { trimmed } from "./words/trimmed"

export { trimmed }

const { locale } = language
const said = words.phrases
const list = new Intl.ListFormat(locale, { type: "conjunction" })
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const weekday = new Intl.DateTimeFormat(locale, { weekday: "short" })
const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" })
const dateWithYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" })
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" })
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const segments = new Intl.Segmenter(undefined, { granularity: "word" })

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** "Ana, Bo and Chi". At most four names stand; the rest is a number. */
export function listed(names: readonly string[]): string {
  if (names.length <= 4) return list.format(names)
  return list.format([...names.slice(0, 3), said.others(names.length - 3)])
}

/** A length of time for people: "4 min", "3 h", "2 days". Less than a minute is "a minute". */
export function span(ms: number): string {
  if (ms < 1.5 * MINUTE_MS) return said.aMinute
  if (ms < HOUR_MS) return said.minutes(Math.round(ms / MINUTE_MS))
  if (ms < 2 * DAY_MS) return said.hours(Math.round(ms / HOUR_MS))
  return said.days(Math.round(ms / DAY_MS))
}

/** An amount of storage for people: "1.2 MB", to two digits. */
export function bytesOf(amount: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, amount)) / 3)))
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[power] ?? "byte",
    maximumSignificantDigits: 2,
  }).format(amount / 1000 ** power)
}

/**
 * A moment for people: "now" · "4 min ago" · "14:05" · "yesterday 17:20" · "Tue 17:20" · "3 May" · "3 May 2024".
 * Both are wall clock ms. A moment in the future (a clock was wrong) is given by its date and time.
 */
export function moment(at: number, now: number): string {
  const age = now - at
  if (age >= 0 && age < MINUTE_MS) return said.now
  if (age >= 0 && age < HOUR_MS) return said.minutesAgo(Math.floor(age / MINUTE_MS))
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS)
  if (days === 0) return clock.format(at)
  if (days === 1) return said.yesterday(clock.format(at))
  if (days > 1 && days < 7) return `${weekday.format(at)} ${clock.format(at)}`
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) return date.format(at)
  return dateWithYear.format(at)
}

/** A moment to come, for people: "14:05" today, "tomorrow 08:00", "Tue 08:00", "3 May" later on. */
export function coming(at: number, now: number): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / DAY_MS)
  if (days <= 0) return clock.format(at)
  if (days === 1) return said.tomorrow(clock.format(at))
  return days < 7 ? `${weekday.format(at)} ${clock.format(at)}` : date.format(at)
}

/** The moment to the second, for whoever asks for it exactly. */
export const exactly = (at: number): string => exact.format(at)

/** The name of a thing as it stands inside a sentence. German writes names of things large everywhere. */
export const inSentence = (name: string): string =>
  language.code === "de" ? name : name.toLocaleLowerCase(locale)

function startOfDay(at: number): number {
  const day = new Date(at)
  day.setHours(0, 0, 0, 0)
  return day.getTime()
}

/** One or two initials of a name, upper case; null when there is no letter or digit to show. */
export function initials(name: string): string | null {
  const parts = trimmed(name, 60)
    .split(" ")
    .filter(part => /^[\p{L}\p{N}]/u.test(part))
  const first = parts[0]
  if (first === undefined) return null
  const last = parts.length > 1 ? parts[parts.length - 1] : undefined
  return (firstGrapheme(first) + (last === undefined ? "" : firstGrapheme(last))).toLocaleUpperCase()
}

function firstGrapheme(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment
  return ""
}

/**
 * Counts words, also in scripts that write none apart, a line at a time: yields after each line, so that a
 * long text can be counted in slices, and returns how many there are in all.
 */
export function* wordsByLine(text: string): Generator<void, number> {
  let amount = 0
  for (const line of text.split("\n")) {
    for (const piece of segments.segment(line)) if (piece.isWordLike === true) amount += 1
    yield
  }
  return amount
}
