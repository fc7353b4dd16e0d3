// Parts of the app whose code comes after the first key: the network, files, pictures. Whoever asks for something before it
// is here waits for it; the service worker has all of it on the device, so it comes without a network too.
import { computed, type ReadonlySignal } from "@preact/signals-core"
import type { DocId } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import type { Dial } from "../links/relay"
import type { FilesParts } from "./files"
import { keptRows } from "./library"
import type { Files, Place } from "./model"
import type { Carried, NetworkParts } from "./network"
import type { DocumentPictures, PictureParts } from "./pictures"
import type { SharedNetwork, SharedNetworkParts } from "./shared-network"

/** How long a screen has to be drawn and painted before anything else is fetched, ms. */
const PAINT_MS = 50

/** Resolves when there is a first screen: a document, a list, whatever it is. */
export function firstScreen(place: ReadonlySignal<Place>, world: World): Promise<void> {
  return new Promise(resolve => {
    const stop = place.subscribe(({ at }) => {
      if (at === "opening") return
      queueMicrotask(() => stop())
      world.after(PAINT_MS, resolve)
    })
  })
}

/** What the network of a tab is made of, but for its links, which come with it. */
export type LateNetworkParts = Omit<SharedNetworkParts, "network"> & {
  readonly links: LateLinks
  /** It is not fetched before this resolves: it would compete with the first screen. */
  readonly after: Promise<unknown>
}

/** What a network's links are made of, but for the way to relays, which comes with them. */
export type LateLinks = Omit<NetworkParts, "dial"> & { readonly loadDial: () => Promise<Dial> }

/**
 * A network that is on its way: what it is to carry waits, and is told that its relays are being reached; what is said
 * of one's presence is said when it is here.
 */
export function lateNetwork(parts: LateNetworkParts, onFailure: (error: unknown) => void): SharedNetwork {
  const stops = new Map<Carried, Stop | null>()
  const hearers = new Map<DocId, { readonly f: (bytes: Uint8Array) => void; stop: Stop | null }>()
  const presences = new Map<DocId, Uint8Array>()
  let network: SharedNetwork | null = null
  let isOver = false
  const load = () =>
    Promise.all([import("./shared-network"), import("./network"), parts.links.loadDial()] as const)
  parts.after.then(load).then(([shared, { createNetwork }, dial]) => {
    if (isOver) return
    network = shared.createSharedNetwork({ ...parts, network: () => createNetwork({ ...parts.links, dial }) })
    for (const document of stops.keys()) stops.set(document, network.carry(document))
    for (const [docId, hearer] of hearers) hearer.stop = network.onPresence(docId, hearer.f)
    for (const [docId, bytes] of presences) network.presence(docId, bytes)
    presences.clear()
  }, onFailure)
  return {
    get leads() {
      return network?.leads ?? false
    },
    carry(document) {
      stops.set(document, network?.carry(document) ?? null)
      if (network === null) for (const origin of document.relays) document.onReach(origin, "connecting")
      return () => {
        stops.get(document)?.()
        stops.delete(document)
      }
    },
    changed: () => network?.changed(),
    presence(docId, bytes, links) {
      if (network !== null) network.presence(docId, bytes, links)
      else if (links === undefined) presences.set(docId, bytes)
    },
    onPresence(docId, f) {
      const hearer = { f, stop: network?.onPresence(docId, f) ?? null }
      hearers.set(docId, hearer)
      return () => {
        hearer.stop?.()
        if (hearers.get(docId) === hearer) hearers.delete(docId)
        presences.delete(docId)
      }
    },
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

/** Pictures that are opened by what comes when the first of them is on the screen, or is put in. */
export function latePictures(parts: PictureParts): DocumentPictures {
  let loading: Promise<DocumentPictures> | null = null
  const load = async () => (await import("./pictures")).createPictures(parts)
  const pictures = () => {
    loading ??= load()
    return loading
  }
  return {
    home: parts.replica.keeper.docId,
    watch(reference, f) {
      let stop: Stop | null = null
      let isOver = false
      f({ state: "waiting" })
      void pictures().then(all => {
        if (!isOver) stop = all.watch(reference, f)
      })
      return () => {
        isOver = true
        stop?.()
      }
    },
    add: async picture => (await pictures()).add(picture),
    adopt: async (reference, home) => (await pictures()).adopt(reference, home),
    close: () => void loading?.then(all => all.close()),
  }
}
