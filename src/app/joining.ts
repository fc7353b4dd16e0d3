// How this window comes to the network: with what the device knows of relays, and with what is to be carried besides the
// document that is open.
import type { ReadonlySignal } from "@preact/signals-core"
import type { Carriages } from "./carriages"
import type { GuestParts } from "./guest"
import type { Holding } from "./holding"
import { firstScreen, lateNetwork } from "./late"
import type { Library } from "./library"
import type { Place } from "./model"
import type { AppParts } from "./parts"
import type { SharedNetwork } from "./shared-network"
import type { DeviceTraffic } from "./traffic"

export interface JoiningParts {
  readonly app: AppParts
  readonly traffic: DeviceTraffic
  readonly library: Library
  readonly guests: GuestParts
  /** What is carried while it is not open. */
  readonly recent: ConstructorParameters<typeof Carriages>[0]["recent"]
  /** The document that is open; null: none is. */
  readonly here: () => Holding | null
  readonly place: ReadonlySignal<Place>
  readonly onFailed: (error: unknown) => void
}

export function joinNetwork(parts: JoiningParts): SharedNetwork {
  const { app, traffic, library, guests, recent, here, place, onFailed } = parts
  return lateNetwork(
    {
      world: app.world,
      profile: app.profile,
      guests,
      links: {
        ...app,
        pause: traffic.pause,
        limits: () => traffic.limits.peek(),
        pinOf: origin => library.pinOf(origin),
        onMet: (origin, key) => void library.pin(origin, key).catch(onFailed),
      },
      recent,
      after: firstScreen(place, app.world),
      onRelays: (docId, relays) => {
        const holding = here()
        if (holding?.docId === docId) for (const relay of relays) holding.useRelay(relay)
      },
    },
    onFailed,
  )
}
