// Failures in the words of the model: which of the things that a person must know is this?
import { FormatError, NewerVersionError } from "../bytes/errors"
import { StorageError } from "../log/store"
import { parseLink, type ShareLink } from "../people/link"
import type { Problem } from "./model"

/** What to tell of an error. Anything not expected is told as such, with its own message for who looks. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StorageError) {
    if (error.reason === "full") return { kind: "disk-full" }
    if (error.reason === "unavailable") return { kind: "no-indexeddb" }
  }
  return { kind: "unexpected", what: error instanceof Error ? error.message : String(error) }
}

/** A link as somebody has pasted it, or what to tell of it. */
export function readLink(text: string): ShareLink | { readonly problem: Problem } {
  try {
    return parseLink(text)
  } catch (error) {
    if (error instanceof NewerVersionError) return { problem: { kind: "link-from-newer-version" } }
    if (error instanceof FormatError) return { problem: { kind: "link-damaged" } }
    throw error
  }
}
