// What the composition root hands to the app, and what it may ask of it besides what the interface does.

import type { ReadonlySignal } from "@preact/signals-core"
import type { DocId } from "../bytes/ids"
import type { Keeper } from "../log/keeper"
import type { PlaceKind } from "../people/claim"
import type { Access, Replica } from "../replica/replica"
import type { Tabs } from "../storage/tabs"
import type { Address } from "./address"
import type { ArrangerParts } from "./arranging"
import type { FilesParts } from "./files"
import type { Note } from "./guardian"
import type { LateLinks } from "./late"
import type { LibraryParts } from "./library"
import type { App, Installing, Release } from "./model"
import type { NetworkParts } from "./network"
import type { NewsChannel } from "./news"
import type { DocumentPictures } from "./pictures"
import type { BrowserRoom } from "./room"
import type { SearchThread } from "./search"
import type { Profile } from "./shared-network"

/** Updates of the app itself (the service worker's affair). */
export interface Updates {
  readonly waiting: ReadonlySignal<Release | null>
  take(): void
}

export interface AppParts extends LibraryParts {
  /** What kind of thing this browser runs on. */
  readonly placeKind: PlaceKind
  readonly loadDial: LateLinks["loadDial"]
  readonly peers: NetworkParts["peers"]
  readonly address: Address
  readonly updates: Updates
  /** The other tabs of this browser's profile; null where they cannot be spoken to. */
  readonly profile: (Profile & { readonly news: NewsChannel }) | null
  /** The tabs that share a document's log. */
  readonly tabsOf: (docId: DocId) => Tabs
  readonly openReplica: (access: Access, keeper: Keeper) => Promise<Replica>
  readonly openPictures: (replica: Replica) => DocumentPictures
  /** Hands a file to the person. */
  readonly download: (name: string, type: string, text: string) => void
  readonly startSearch: () => SearchThread
  readonly room: BrowserRoom
  /** Kept where the databases are not. */
  readonly note: Note
  readonly installing: Installing
  readonly erase: ArrangerParts["erase"]
  readonly save: FilesParts["save"]
}

/** What the composition root may ask besides what the interface does. */
export interface RunningApp extends App {
  /** Seals what is typed, at once: the page may be gone after this. */
  flushNow(): void
  /** Resolves when everything written is durable and sealed. Rejects with StorageError. */
  flush(): Promise<void>
}
