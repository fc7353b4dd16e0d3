// The keys of a command beside its name, in menus and lists.

import { keysOf, shortcut } from "./commands"
import { isApple } from "./keys"

/** The first keys of a command; nothing when it has none. */
export function Keys({ of }: { readonly of: string }) {
  const keys = keysOf(of)
  return keys === undefined ? null : <kbd class="keys">{shortcut(keys, isApple())}</kbd>
}
