// What the editor needs to show pictures and to take them in, and what it says about them. Where their bytes are and how
// they come is for whoever hands this in: the editor knows references, object URLs and nothing else.
import type { Stop } from "../bytes/world"

/** How a picture stands on this device. Its URLs are good as long as it is watched. */
export type PictureState =
  /** Nothing of it is here yet. */
  | { readonly state: "waiting" }
  /** A small likeness, while the rest comes; bytes are approximate, and there may be nobody to fetch from. */
  | { readonly state: "small"; readonly url: string | null; readonly here: number; readonly bytes: number }
  | { readonly state: "here"; readonly url: string }
  /** All of it is here, and it is not what it should be. */
  | { readonly state: "damaged" }

/** A picture made ready to be sealed: drawn anew, so that nothing of the camera's notes is left. */
export interface MadePicture {
  readonly bytes: Uint8Array
  /** "image/webp" or "image/jpeg". */
  readonly type: string
  readonly width: number
  readonly height: number
  readonly likeness: { readonly type: string; readonly bytes: Uint8Array }
}

/** The pictures of one document. */
export interface Pictures {
  /** The document's name: what is copied here says that it is from here. */
  readonly home: string
  /** Calls `f` at once and whenever something changes, until stopped. A picture that is watched is fetched first. */
  watch(reference: string, f: (state: PictureState) => void): Stop
  /** Seals and keeps a picture; its reference once it is durable. Rejects with StorageError. */
  add(picture: MadePicture): Promise<string>
  /** Takes over a picture of another document on this device under a new reference; null: it is not here whole. */
  adopt(reference: string, home: string): Promise<string | null>
}

/** Something a person must hear about pictures they wanted to put in. */
export type PictureNotice = "too-large" | "unreadable" | "remote" | "not-here" | "no-room" | "one-frame"

export interface PictureWords {
  readonly waiting: string
  readonly damaged: string
  /** "3 of 8 MB". */
  progress(hereBytes: number, bytes: number): string
  /** On the button that opens the description. */
  readonly describe: string
  /** What a screen reader is told of a picture that nobody has described. */
  readonly undescribed: string
  /** In an empty caption. */
  readonly caption: string
}

/** What is to be described: shown beside it by the screen. */
export interface PictureToDescribe {
  readonly alt: string | null
  /** The drawn picture, to stand beside. */
  readonly at: HTMLElement
  /** Writes what was said; "": it only decorates. */
  say(alt: string): void
}

export interface PictureOptions {
  readonly pictures: Pictures
  readonly words: PictureWords
  readonly onNotice: (notice: PictureNotice) => void
  /** A picture was put in by this person, or they ask to describe one. */
  readonly onDescribe: (picture: PictureToDescribe) => void
}
