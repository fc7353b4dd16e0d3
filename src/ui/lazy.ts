// What is not needed for the first key comes when it is asked for: panels, sheets and menus are chunks of their own.
// The service worker has all of them on the device, so that asking works without a network too.
import { useEffect, useState } from "preact/hooks"

/** A part of the app, loaded the first time `wanted` is true; null until it is here. */
export function useLoaded<T>(wanted: boolean, load: () => Promise<T>): T | null {
  const [part, setPart] = useState<{ readonly loaded: T } | null>(null)
  useEffect(() => {
    if (!wanted || part !== null) return
    let unmounted = false
    void load().then(loaded => unmounted || setPart({ loaded }))
    return () => {
      unmounted = true
    }
  }, [wanted, part, load])
  return part?.loaded ?? null
}

const SETTLED_MS = 1_500

/** True a while after `ready` is: the first key has been taken, and there is time for what may be asked for next. */
export function useSettled(ready: boolean): boolean {
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    if (!ready) return
    const timer = setTimeout(() => setSettled(true), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [ready])
  return settled
}
