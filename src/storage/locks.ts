// Locks of a browser profile: whoever writes a session holds its lock, so that another tab, or the next start after a
// crash, knows whether somebody is still at it. The browser releases them when a tab goes away, however it goes.
import type { Stop } from "../bytes/world"

export interface Locks {
  /** Takes the lock if it is free now. The result lets go of it; null: somebody holds it. */
  take(name: string): Promise<Stop | null>
}

/** The Web Locks of this profile (W3C Web Locks API §3). */
export const webLocks: Locks = {
  take: name =>
    new Promise((resolve, reject) => {
      navigator.locks
        .request(name, { ifAvailable: true }, lock => {
          if (!lock) {
            resolve(null)
            return
          }
          return new Promise<void>(release => resolve(() => release()))
        })
        .catch(reject)
    }),
}

/** Locks within one program: for tests, and where a browser has no Web Locks and so no second tab can be known. */
export function memoryLocks(): Locks {
  const held = new Set<string>()
  return {
    async take(name) {
      if (held.has(name)) return null
      held.add(name)
      let holds = true
      return () => {
        if (holds) held.delete(name)
        holds = false
      }
    },
  }
}
