// Parts of the app whose code comes after the first key: the network, and files. Whoever asks for something before it
// is here waits for it; the service worker has all of it on the device, so it comes without a network too.
import { computed } from "@preact/signals-core"
import type { Stop } from "../bytes/world"
import type { FilesParts } from "./files"
import { keptRows } from "./library"
import type { Files } from "./model"
import type { Carried, Network, NetworkParts } from "./network"

/** A network that is on its way: what it is to carry waits, and is told that its relays are being reached. */
export function lateNetwork(parts: NetworkParts, onFailure: (error: unknown) => void): Network {
  const stops = new Map<Carried, Stop | null>()
  let network: Network | null = null
  let isOver = false
  import("./network").then(({ createNetwork }) => {
    if (isOver) return
    network = createNetwork(parts)
    for (const document of stops.keys()) stops.set(document, network.carry(document))
  }, onFailure)
  return {
    carry(document) {
      stops.set(document, network?.carry(document) ?? null)
      if (network === null) for (const origin of document.relays) document.onReach(origin, "connecting")
      return () => {
        stops.get(document)?.()
        stops.delete(document)
      }
    },
    changed: () => network?.changed(),
    presence: (docId, bytes, links) => network?.presence(docId, bytes, links),
    close() {
      isOver = true
      network?.close()
    },
  }
}

/** Files that are read and written by what comes when the first is asked for. */
export function lateFiles(parts: FilesParts): Files {
  const load = async (): Promise<Files> => (await import("./files")).createFiles(parts)
  let loading: Promise<Files> | null = null
  const files = () => {
    loading ??= load()
    return loading
  }
  return {
    amount: computed(() => keptRows(parts.library.rows.value).length),
    save: async id => (await files()).save(id),
    takeEverything: async passphrase => (await files()).takeEverything(passphrase),
    open: async (file, passphrase) => (await files()).open(file, passphrase),
  }
}
