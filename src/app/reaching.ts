// Waiting a little for the relay: a link that is made while it is reached can be short, and works at once.
import type { ReadonlySignal } from "@preact/signals-core"
import type { Stop, World } from "../bytes/world"
import type { RelayState } from "./model"

const RELAY_WAIT_MS = 1_500

/** Resolves when the relay is live, or after a second and a half without it. */
export async function untilLive(relay: ReadonlySignal<RelayState | null>, world: World): Promise<void> {
  if (relay.peek()?.link === "live") return
  await new Promise<void>(resolve => {
    let stop: Stop = () => undefined
    const stopWaiting = world.after(RELAY_WAIT_MS, () => {
      stop()
      resolve()
    })
    stop = relay.subscribe(state => {
      if (state?.link !== "live") return
      stopWaiting()
      queueMicrotask(() => stop())
      resolve()
    })
  })
}
