// Others, as the interface sees them: what they said of themselves is untrusted and made harmless here.
import type { CertificateHash, PublicKey } from "../bytes/ids"
import type { Role } from "../records/roles"
import type { Present } from "../replica/presence"
import { COLOUR_NAMES, type ColourName, type Person, type Right } from "./model"

export function isColourName(word: string): word is ColourName {
  return (COLOUR_NAMES as readonly string[]).includes(word)
}

/** A person of the model. An unknown colour becomes one of ours, the same every time. */
export function personOf(
  { key, name, colour, role, pausedUntil, follows }: Present,
  carriedBy: Person["carriedBy"],
  own: string,
): Person {
  return {
    key,
    name,
    colour: isColourName(colour) ? colour : colourFor(key),
    carriedBy,
    pausedUntil,
    followsMe: follows === own,
    right: rightOf(role),
  }
}

/**
 * Which way somebody is heard: whoever is live straight is heard straight, and what a relay or somebody else passes on
 * as well comes later. `direct`: the seats at the far ends of links to devices.
 */
export function carriedBy(
  present: Present,
  others: readonly Present[],
  direct: ReadonlyMap<string, PublicKey>,
  seatOf: (present: Present) => PublicKey | null,
): Person["carriedBy"] {
  const seatPub = seatOf(present)
  if ([...direct.values()].some(each => each === seatPub)) return "peers"
  const end = direct.get(present.way ?? "")
  if (!end) return "relay"
  return { through: others.find(other => seatOf(other) === end)?.name ?? "" }
}

/** What people call a role. */
export function rightOf(role: Role): Right {
  return role === "host" ? "view" : role
}

/** Everybody but this device itself, each once: who has two windows open is one person, the one last heard first. */
export function othersOf(present: readonly Present[], ownSeat: CertificateHash): readonly Present[] {
  const bySeat = new Map(present.map(each => [each.seat, each]))
  bySeat.delete(ownSeat)
  return [...bySeat.values()]
}

/** A colour for somebody who chose none: the same for the same key. */
export function colourFor(key: string): ColourName {
  let sum = 0
  for (const letter of key) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return COLOUR_NAMES[sum % COLOUR_NAMES.length] ?? "pine"
}

/** A caret as it travels: opaque text. Null if it is too long to be one. */
export function packCaret(caret: unknown): string | null {
  const text = caret === null || caret === undefined ? "" : JSON.stringify(caret)
  return text.length > 0 && text.length <= 1000 ? text : null
}

/** A caret that came; null if it is none. What is in it is for the editor to doubt. */
export function unpackCaret(text: string | null): unknown | null {
  if (!text) return null
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
