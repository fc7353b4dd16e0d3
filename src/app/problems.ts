// Failures in the words of the model: which of the things that a person must know is this?
import { StorageError } from "../log/store"
import type { Report } from "../sync/shelf"
import type { Problem } from "./model"

/** What to tell of an error. Anything not expected is told as such, with its own message for who looks. */
export function problemOf(error: unknown): Problem {
  if (error instanceof StorageError) {
    if (error.reason === "full") return { kind: "disk-full" }
    if (error.reason === "unavailable") return { kind: "no-indexeddb" }
  }
  return { kind: "unexpected", what: error instanceof Error ? error.message : String(error) }
}

/** What to tell of a problem that a link reports; null: nothing. `from`: the other end, as people read it. */
export function reported(report: Extract<Report, { kind: "problem" }>, from: string): Problem | null {
  switch (report.problem) {
    case "garbage":
    case "flood":
    case "echo":
    case "another-relay":
      return { kind: "garbage-received", from }
    case "newer-protocol":
      return { kind: "newer-protocol" }
    case "clock-skew":
      return { kind: "clock-wrong", offByMs: -report.skewMs }
    case "older-protocol":
      return { kind: "relay-refused", reason: "older-protocol" }
    case "broken":
      return { kind: "unexpected", what: report.message }
    case "silent":
      return null // the dialler tries again, and the status says "not reachable"
    default:
      return report.problem satisfies never
  }
}
