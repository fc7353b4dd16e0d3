// Failures in the words of the model: which of the things that a person must know is this?
import { StorageError } from "../log/store"
import type { Problem } from "./model"

/** What to tell of an error. Anything not expected is told as such, with its own message for who looks. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StorageError) {
    if (error.reason === "full") return { kind: "disk-full" }
    if (error.reason === "unavailable") return { kind: "no-indexeddb" }
  }
  return { kind: "unexpected", what: error instanceof Error ? error.message : String(error) }
}
