// What the interface reads and may ask for. `ui/` renders these signals and calls these verbs; it decides
// nothing. `app/` implements them on top of replicas, stores and links, and is tested without rendering.
import type { ReadonlySignal, Signal } from "@preact/signals-core"
import type * as Y from "yjs"
import type { Pictures } from "../editor/pictures"
import type { Limits } from "../sync/budget"
import type { Removed, Sharing } from "./giving"
import type { Beginning } from "./importing"
import type { Keeping } from "./keeping"
import type { DocumentNotes } from "./notes"
import type { History, Missed } from "./past"
import type { HoldingPlace } from "./places"

export type { GivenRight, Removed, Sharing } from "./giving"
export type { KeptCopy } from "./keeping"
export type { HoldingPlace } from "./places"
export type { DocumentNotes }

/** The eight people's colours; a *name* travels, never CSS (protocol §10, presence). */
export const COLOUR_NAMES = ["clay", "moss", "lagoon", "plum", "indigo", "rose", "ochre", "pine"] as const
export type ColourName = (typeof COLOUR_NAMES)[number]

/** What a member may do in a document. */
export const RIGHTS = ["admin", "edit", "suggest", "comment", "view"] as const
export type Right = (typeof RIGHTS)[number]

/** What a link may give. host: keeps a sealed copy, and cannot read it. */
export const LINK_RIGHTS = ["edit", "suggest", "comment", "view", "host"] as const
export type LinkRight = (typeof LINK_RIGHTS)[number]

/** Whether a right is one to change the text itself. */
export function mayWrite(right: Right): boolean {
  return right === "admin" || right === "edit"
}

/** The screens that are no document. */
export const SCREENS = ["home", "search", "settings", "help"] as const
export type Screen = (typeof SCREENS)[number]

/** Where the app is. The address bar follows: `/`, `/search`, `/settings`, `/help`, `/d/<id>`, `/join`. */
export type Place =
  | { readonly at: Screen }
  | { readonly at: "document"; readonly document: OpenDocument }
  | { readonly at: "opening"; readonly title: string }
  | { readonly at: "problem"; readonly problem: Problem }

/** Something a person must know. Each kind has its own plain sentences: what is safe, what to do next. */
export type Problem =
  | { readonly kind: "link-damaged" }
  | { readonly kind: "link-from-newer-version" }
  | { readonly kind: "link-not-recognised" } // the document is there, but this link opens nothing in it
  | { readonly kind: "disk-full" }
  | { readonly kind: "no-room-to-write" } // the disk was full when it was opened: it can be read
  | { readonly kind: "no-indexeddb" }
  | { readonly kind: "no-secure-context"; readonly address: string }
  | { readonly kind: "captive-portal" } // the relay's address answers with a web page
  | { readonly kind: "clock-wrong"; readonly offByMs: number } // this device's clock minus the relay's
  | { readonly kind: "garbage-received"; readonly from: string }
  | { readonly kind: "relay-refused"; readonly reason: string }
  | { readonly kind: "copy-missing"; readonly from: string } // a relay lacks what it has signed for
  | { readonly kind: "file-unreadable"; readonly name: string } // it is too large, or not a text
  | { readonly kind: "newer-protocol" } // the others use a newer Sheaf
  | { readonly kind: "document-not-here"; readonly id: string }
  | { readonly kind: "storage-cleared"; readonly titles: readonly string[] } // empty titles: untitled
  | { readonly kind: "unexpected"; readonly what: string }

/** Whether the last words typed are durable on this device. Never animated per keystroke. */
export type Saved =
  | { readonly state: "saved"; readonly at: number } // wall clock ms
  | { readonly state: "saving" }
  | { readonly state: "failed"; readonly problem: Problem }

/** What one relay has signed for, and whether it is reachable now. */
export interface RelayState {
  readonly name: string // host name, shown to people
  readonly link: "connecting" | "live" | "away" | "refused"
  /** null: it never signed for anything of this document. */
  readonly receipt: { readonly everything: boolean; readonly at: number } | null
}

/** Another person who is in the document now; another window of one's own is none. Untrusted words: escape, cut, never style from them. */
export interface Person {
  /** Wall clock ms until which they send and fetch nothing; null: they are here. */
  readonly pausedUntil: number | null
  /** Their screen goes where this window's caret goes. */
  readonly followsMe: boolean
  readonly key: string
  readonly name: string
  readonly colour: ColourName
  /** Which way they are heard: straight, by a relay, or by another person who is here. */
  readonly carriedBy: "relay" | "peers" | { readonly through: string }
  readonly right: Right
}

/** Content of a document that was joined: not here until somebody's copy has arrived. */
export type Content = "here" | "waiting"

/** A document open on the screen. */
export interface OpenDocument {
  readonly id: string
  readonly doc: Y.Doc
  readonly right: Right
  readonly title: ReadonlySignal<string>
  readonly content: ReadonlySignal<Content>
  readonly saved: ReadonlySignal<Saved>
  readonly relay: ReadonlySignal<RelayState | null> // null: no relay is used for this document
  readonly people: ReadonlySignal<readonly Person[]>
  /** The key of the person whose caret one's own screen goes with, which they see; null: nobody's. */
  readonly follows: Signal<string | null>
  /** Set while one works quietly: others see that one is here, and not where. */
  readonly quiet: Signal<boolean>
  /** Carets of others, opaque to the interface: handed to the editor as they are. */
  readonly carets: ReadonlySignal<readonly RemoteCaret[]>
  /** Milliseconds of work not yet signed for by anyone else; 0 when all is elsewhere or nothing is written. */
  readonly unsentMs: ReadonlySignal<number>
  /** Devices or relays known to keep everything: this one counts. */
  readonly places: ReadonlySignal<number>
  /** Every place besides this device that has signed for something, the fullest first. */
  readonly holders: ReadonlySignal<readonly HoldingPlace[]>
  /** Waits no more for a place of that key, until it signs once more. */
  forget(key: string): void
  /** So many places besides this device are enough. */
  readonly target: ReadonlySignal<number>
  /** Others use a newer Sheaf, and this one cannot talk to them. */
  readonly outdated: ReadonlySignal<boolean>
  /** Comments and suggestions beside the text. */
  readonly notes: DocumentNotes
  /** Null as long as there is no text to show them in. */
  readonly pictures: Pictures | null
  setTitle(text: string): void
  /** Own caret moved; null when it left the text. */
  caretMoved(caret: unknown | null): void
  readonly sharing: Sharing
  /** Reads what the document was. Rejects with StorageError. */
  history(): Promise<History>
  /** What others wrote while one was not looking, until `seeAll`; null: nothing, or one has seen it. */
  readonly missed: ReadonlySignal<Missed | null>
  seeAll(): void
  /** This device has no right in it any more; what was here stays. Null: it has one. */
  readonly removed: Removed | null
  /** Hands the document to the person as a file that other programs read. */
  download(format: DownloadFormat): Promise<void>
}

export const DOWNLOAD_FORMATS = ["html", "markdown", "text"] as const
export type DownloadFormat = (typeof DOWNLOAD_FORMATS)[number]

export interface RemoteCaret {
  readonly key: string
  /** Null: one's own, in another window. */
  readonly name: string | null
  readonly colour: ColourName
  readonly caret: unknown
}

/** A row of the list of documents. */
export interface DocumentRow {
  readonly id: string
  readonly title: string // empty: untitled
  readonly snippet: string
  readonly editedAt: number // wall clock ms
  readonly shared: boolean
  readonly right: Right
  readonly places: number
  readonly target: number // so many places besides this device are enough
  readonly pinned: boolean
  readonly folder: string // empty: in none
  readonly trashedAt: number | null // wall clock ms; null: not in the trash
}

/** How many other places are enough where nobody has said anything else. */
export const TARGET = 2

/** How long what was put into the trash can be taken out again. */
export const TRASH_MS = 30 * 24 * 60 * 60_000

/** Arranges the list of this device; nobody else's. Each takes any number of documents by their ids. */
export interface Arranging {
  pin(ids: readonly string[], pinned: boolean): Promise<void>
  /** Puts them into the folder of that name, which is there as long as anything is in it; empty: into none. */
  move(ids: readonly string[], folder: string): Promise<void>
  /** How many places besides this device are enough. */
  want(ids: readonly string[], places: number): Promise<void>
  /** Off the list, for 30 days. Others keep theirs. */
  trash(ids: readonly string[]): Promise<void>
  restore(ids: readonly string[]): Promise<void>
  /** Removes from this device what is in the trash. There is no way back but somebody else's copy. */
  remove(ids: readonly string[]): Promise<void>
}

/** A stretch of a text that answers a search. */
export interface Match {
  readonly from: number
  readonly to: number
}

/** A document that answers a search. `excerpt`: its words around the first match; empty if only the title matches. */
export interface Hit {
  readonly id: string
  readonly title: string
  readonly titleMatches: readonly Match[]
  readonly excerpt: string
  readonly matches: readonly Match[]
}

/** Full-text search over what is on this device. */
export interface Search {
  /** What was looked for, best first, and how many documents could not be looked through: their text is not here. */
  readonly found: ReadonlySignal<{
    readonly query: string
    readonly hits: readonly Hit[]
    readonly total: number
    readonly notHere: number
  }>
  /** Documents still being read into the index; 0: all are. */
  readonly reading: ReadonlySignal<number>
  /** Looks as one types; the last query asked for is the one that is answered. */
  look(query: string): void
}

/** What the browser says of its storage; null: it does not say. */
export interface RoomState {
  /** False: it may clear everything by itself. */
  readonly kept: boolean | null
  readonly usedBytes: number | null
  readonly mostBytes: number | null
}

export interface Room {
  readonly state: ReadonlySignal<RoomState>
  look(): Promise<void>
  /** Asks the browser to keep what is here. Comes with a press: some browsers show a question. */
  keep(): Promise<void>
}

/** How this browser puts the app on the device: by its own offer, by hand, not at all; or it has done so. */
export type InstallWay = "offered" | "by-hand" | "none" | "installed"

export interface Installing {
  readonly way: ReadonlySignal<InstallWay>
  /** Takes up the browser's offer. */
  install(): Promise<void>
}

/** Nothing is sent or fetched until then. */
export interface Pause {
  readonly until: number // wall clock ms
  /** The clock of this device was put back by more than an hour since: the end may be further off than was meant. */
  readonly clockWentBack: boolean
}

/** Sending and fetching on this device, in all its windows. */
export interface Traffic {
  readonly pause: ReadonlySignal<Pause | null>
  readonly limits: ReadonlySignal<Limits>
  /** Until a moment (wall clock ms), after which it goes on by itself. */
  pauseUntil(until: number): void
  resume(): void
  limit(limits: Limits): void
}

/** A file that a person has chosen or dropped here. It can be read more than once. */
export interface LocalFile {
  readonly name: string
  pieces(): AsyncIterable<Uint8Array>
}

/** What a .sheaf file has brought for one document. */
export interface FiledDocument {
  readonly id: string
  readonly title: string // empty: untitled, or not known here
  /** unreadable: it takes a link to it first. shut: the link that is here does not open it, or no more. */
  readonly as: "new" | "known" | "unreadable" | "shut"
  /** What was new, by who wrote it. `name`: null for somebody whose name is not known here. */
  readonly edits: readonly { readonly name: string | null; readonly own: boolean; readonly count: number }[]
}

/** What became of opening a file. */
export type FileOutcome =
  | { readonly outcome: "no-such-file" } // it is none of ours, or nothing of it could be read
  | { readonly outcome: "newer-version" }
  | { readonly outcome: "needs-passphrase" }
  | { readonly outcome: "wrong-passphrase" }
  | { readonly outcome: "storage"; readonly problem: Problem }
  /** `whole`: false if the file breaks off; what came before is here. */
  | { readonly outcome: "taken-in"; readonly whole: boolean; readonly documents: readonly FiledDocument[] }

/** Documents in files: for a stick, a mail, a device that is on no network. */
export interface Files {
  /** How many documents there are to take along. */
  readonly amount: ReadonlySignal<number>
  /** Hands the person a file with one document. Whoever has a link to it can take it in, and nobody else reads it. */
  save(id: string): Promise<void>
  /** A file with every document here. Sealed to a passphrase it opens them on another device; null: as `save`. */
  takeEverything(passphrase: string | null): Promise<void>
  /** Takes in what a file holds. `passphrase` null: none was asked for yet. */
  open(file: LocalFile, passphrase: string | null): Promise<FileOutcome>
}

/** A version of the app, as it says of itself; empty where it says nothing. */
export interface Release {
  readonly version: string
  /** Sixteen hex digits over every file of it. */
  readonly hash: string
  /** What is new in it, line by line. */
  readonly notes: readonly string[]
}

/** Who this person is to others. Asked for at the first Share or Join, never before. */
export interface Me {
  readonly name: string // empty: not asked yet
  readonly colour: ColourName
}

/** The whole app. */
export interface App {
  readonly place: ReadonlySignal<Place>
  readonly rows: ReadonlySignal<readonly DocumentRow[]>
  readonly me: ReadonlySignal<Me>
  /** Shown above whatever is on the screen, most serious first. */
  readonly problems: ReadonlySignal<readonly Problem[]>
  /** A new version of the app that waits for a yes; null: there is none. */
  readonly updateWaiting: ReadonlySignal<Release | null>
  readonly arranging: Arranging
  readonly search: Search
  readonly keeping: Keeping
  readonly room: Room
  readonly installing: Installing
  /** Goes to a screen that is no document. */
  go(screen: Screen): void
  readonly files: Files
  readonly traffic: Traffic
  /** @param beginning what is in it from the start: a template, the copy of another; none: nothing */
  create(beginning?: Beginning): Promise<void>
  open(id: string): Promise<void>
  /**
   * Takes a file that was chosen, dropped or handed over by another program: a document is made of what another program
   * wrote; one of Sheaf's own waits in `arrived`, on the home screen, until it is opened.
   */
  receive(file: LocalFile): Promise<void>
  /** A file of Sheaf's own that waits to be opened; set to null by whoever has dealt with it. */
  readonly arrived: Signal<LocalFile | null>
  /** A link pasted by hand, or the address the app was opened with. */
  join(link: string): Promise<void>
  introduce(me: Me): Promise<void>
  dismiss(problem: Problem): void
  takeUpdate(): void
}
