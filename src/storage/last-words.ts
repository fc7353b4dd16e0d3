// The last words before a page goes away. A row on its way to IndexedDB when a window is closed or loaded anew may be
// thrown away with the page; Web Storage is written before the event returns. So what is under way then is put there,
// and made rows when the copy is opened the next time. It lasts as long as the browser runs, and mostly longer.
import { decodeBase64url, encodeBase64url } from "../bytes/base64url"
import type { Stop } from "../bytes/world"

const PREFIX = "sheaf.last/"

/** Has `unkept` asked when the page goes, and what it gives put by for the copy of that name. Null: nothing is under way. */
export function keepLastWords(name: string, unkept: () => Uint8Array | null): Stop {
  if (typeof addEventListener === "undefined") return () => undefined
  const put = () => {
    const update = unkept()
    // Other windows have the same copy open: each has a place of its own.
    if (update)
      attempt(shelf => shelf.setItem(`${PREFIX}${name}/${crypto.randomUUID()}`, encodeBase64url(update)))
  }
  addEventListener("pagehide", put)
  return () => removeEventListener("pagehide", put)
}

/** What was put by for a copy; it stays until `forget` is called, when it has become rows. */
export function lastWords(name: string): { readonly updates: readonly Uint8Array[]; forget(): void } {
  const found = new Map<string, Uint8Array>()
  attempt(shelf => {
    for (const key of Object.keys(shelf).filter(each => each.startsWith(`${PREFIX}${name}/`)))
      found.set(key, decodeBase64url(shelf.getItem(key) ?? ""))
  })
  return {
    updates: [...found.values()],
    forget: () =>
      attempt(shelf => {
        for (const key of found.keys()) shelf.removeItem(key)
      }),
  }
}

// Forbidden, full, or damaged: then it is as it would be without.
function attempt(f: (shelf: Storage) => void): void {
  try {
    if (typeof localStorage !== "undefined") f(localStorage)
  } catch (error) {
    console.warn("Sheaf: the last words could not be put by:", error)
  }
}
