// Locks of a browser profile: whoever writes a session holds its lock, so that another tab, or the next start after a
// crash, knows whether somebody is still at it; and whoever stands in line for one is told when it is their turn. The
// browser releases them when a tab goes away, however it goes.
import type { Stop } from "../bytes/world"

export interface Locks {
  /** Takes the lock if it is free now. The result lets go of it; null: somebody holds it. */
  take(name: string): Promise<Stop | null>
}

/** Locks for which one can stand in line. */
export interface LockLine extends Locks {
  /**
   * Stands in line for a lock ("wait"), or takes it from whoever has it ("steal"). The result leaves the line, or lets
   * go of the lock.
   */
  enter(name: string, how: "wait" | "steal", turn: Turn): Stop
  /** The names, beginning so, of locks that are held now by anybody. */
  held(prefix: string): Promise<readonly string[]>
}

export interface Turn {
  /** The lock is held from now on. */
  onHeld(): void
  /** Somebody has taken it away: it is held no more, and one stands in no line. */
  onLost(): void
}

/** The Web Locks of this profile (W3C Web Locks API §3). */
export const webLocks: LockLine = {
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
  enter(name, how, { onHeld, onLost }) {
    const leaving = new AbortController()
    let release: Stop = () => undefined
    const hold = () =>
      new Promise<void>(resolve => {
        release = resolve
        if (leaving.signal.aborted) resolve()
        else onHeld()
      })
    navigator.locks
      .request(name, how === "steal" ? { steal: true } : { signal: leaving.signal }, hold)
      .catch((error: unknown) => {
        // What is stolen, and a line that is left, both end in an AbortError (§3.3, "release the lock").
        if (!(error instanceof DOMException && error.name === "AbortError")) throw error
        if (!leaving.signal.aborted) onLost()
      })
    return () => {
      leaving.abort()
      release()
    }
  },
  async held(prefix) {
    const { held } = await navigator.locks.query()
    return (held ?? []).flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []))
  },
}

interface Standing {
  readonly turn: Turn
  left: boolean
}

/** Locks within one program: for tests, and where a browser has no Web Locks and so no second tab can be known. */
export function memoryLocks(): LockLine {
  const holders = new Map<string, Standing>()
  const lines = new Map<string, Standing[]>()
  const next = (name: string) => {
    const line = lines.get(name) ?? []
    for (let first = line.shift(); first; first = line.shift()) {
      if (first.left) continue
      hold(name, first)
      return
    }
  }
  const hold = (name: string, standing: Standing) => {
    holders.set(name, standing)
    queueMicrotask(() => !standing.left && standing.turn.onHeld())
  }
  const leave = (name: string, standing: Standing) => () => {
    standing.left = true
    if (holders.get(name) !== standing) return
    holders.delete(name)
    next(name)
  }
  const nobody: Turn = { onHeld: () => undefined, onLost: () => undefined }
  return {
    async take(name) {
      if (holders.has(name)) return null
      const standing = { turn: nobody, left: false }
      holders.set(name, standing)
      return leave(name, standing)
    },
    enter(name, how, turn) {
      const standing = { turn, left: false }
      const before = holders.get(name)
      if (before && how === "wait") lines.set(name, [...(lines.get(name) ?? []), standing])
      else hold(name, standing)
      if (before && how === "steal") queueMicrotask(() => !before.left && before.turn.onLost())
      return leave(name, standing)
    },
    async held(prefix) {
      return [...holders.keys()].filter(name => name.startsWith(prefix))
    },
  }
}
