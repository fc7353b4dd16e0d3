// The address bar, as far as the app cares: where a path leads, and what a share link says. What is behind a `#` is in
// no path: the composition root takes it out of sight before anything else.
import { FormatError, NewerVersionError } from "../bytes/errors"
import type { Stop } from "../bytes/world"
import { parseLink, type ShareLink } from "../people/link"
import { type Problem, SCREENS, type Screen } from "./model"

/** Paths only. */
export interface Address {
  path(): string
  go(path: string, how: "forward" | "in place"): void
  onMove(f: () => void): Stop
}

/** Where a path leads. What leads nowhere leads home. */
export type Destination =
  | { readonly at: Screen }
  | { readonly at: "new" }
  | { readonly at: "document"; readonly id: string }

export function placeOf(path: string): Destination {
  const id = /^\/d\/([^/]+)$/.exec(path)?.[1]
  if (id) return { at: "document", id }
  if (path === "/new") return { at: "new" }
  return { at: SCREENS.find(screen => pathOf(screen) === path) ?? "home" }
}

export function pathOf(screen: Screen): string {
  return screen === "home" ? "/" : `/${screen}`
}

/** A link, or why it is none. */
export function readLink(text: string): ShareLink | { readonly problem: Problem } {
  try {
    return parseLink(text)
  } catch (error) {
    if (error instanceof NewerVersionError) return { problem: { kind: "link-from-newer-version" } }
    if (error instanceof FormatError) return { problem: { kind: "link-damaged" } }
    throw error
  }
}
