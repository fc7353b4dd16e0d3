// The plain sentences of each kind of problem: what happened, what is safe, what to do next.
import type { Problem } from "../app/model"
import { listed, span, trimmed } from "./phrasing"
import { titleOr, words } from "./words"

/** What a problem says: what happened, what is safe, what to do next. */
export interface ProblemWords {
  readonly title: string
  readonly safe: string
  readonly next: string
}

/** The plain sentences of each kind of problem. Foreign words in it are cut and shown as a quotation. */
export function problemWords(problem: Problem): ProblemWords {
  const said = words.trouble
  switch (problem.kind) {
    case "no-secure-context": {
      const { safe, ...rest } = said[problem.kind]
      return { ...rest, safe: safe(problem.address) }
    }
    case "clock-wrong": {
      const { title, ...rest } = said[problem.kind]
      return { ...rest, title: title(span(Math.abs(problem.offByMs)), problem.offByMs > 0 ? "fast" : "slow") }
    }
    case "garbage-received":
    case "copy-missing": {
      const { safe, ...rest } = said[problem.kind]
      return { ...rest, safe: safe(problem.from) }
    }
    case "relay-refused": {
      const { safe, ...rest } = said[problem.kind]
      return { ...rest, safe: safe(problem.reason) }
    }
    case "file-unreadable": {
      const { title, ...rest } = said[problem.kind]
      return { ...rest, title: title(problem.name) }
    }
    case "storage-cleared": {
      const { safe, ...rest } = said[problem.kind]
      const titles = problem.titles.map(title => trimmed(titleOr(title), 60))
      return { ...rest, safe: safe(problem.titles.length, listed(titles)) }
    }
    case "unexpected": {
      const { next, ...rest } = said[problem.kind]
      return { ...rest, next: next(problem.what) }
    }
    default:
      return said[problem.kind]
  }
}
