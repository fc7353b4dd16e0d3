// How pictures come into the text: from a file, pasted or dropped, and with what is pasted from here or elsewhere. A
// picture is drawn anew and kept before the text names it. What a web page only points at stays outside: fetching it
// would tell that page's owner who reads the document.
import { Fragment, type Node, Slice } from "prosemirror-model"
import { Plugin } from "prosemirror-state"
import type { EditorView } from "prosemirror-view"
import { schema } from "../content/schema"
import { StorageError } from "../log/store"
import { type Anchor, anchorAt, resolveAnchor } from "./anchor"
import { makePicture } from "./picture-file"
import { isPicture, putPicture } from "./picture-keys"
import type { PictureOptions } from "./pictures"
import type { KnownBlocks } from "./redraw"

/** Pictures in pasted HTML: those whose bytes are in it, and how many it only points at. */
interface Found {
  readonly inline: readonly string[]
  readonly remote: number
}

export class PictureTaking {
  readonly plugin: Plugin
  readonly #options: PictureOptions
  readonly #blocks: KnownBlocks
  #found: Found = NOTHING_FOUND

  constructor(options: PictureOptions, blocks: KnownBlocks) {
    this.#options = options
    this.#blocks = blocks
    const { home } = options.pictures
    this.plugin = new Plugin({
      props: {
        transformCopied: slice => mapPictures(slice, blob => (blob.includes("@") ? blob : `${blob}@${home}`)),
        transformPasted: slice =>
          mapPictures(slice, blob => (blob.endsWith(`@${home}`) ? blob.slice(0, -1 - home.length) : blob)),
        transformPastedHTML: html => {
          this.#found = html.includes("data-pm-slice") ? NOTHING_FOUND : picturesIn(html)
          return html
        },
        handlePaste: (view, event, slice) => this.#paste(view, event, slice),
        handleDrop: (view, event, slice) => this.#drop(view, event, slice),
      },
    })
  }

  /** Puts pictures from files at the caret, one under the other. */
  async add(view: EditorView, files: readonly Blob[]): Promise<void> {
    let at = anchorAt(this.#blocks, view.state.doc, view.state.selection.head)
    let last: string | null = null
    let count = 0
    for (const file of files) {
      const reference = await this.#addOne(view, file, at)
      if (reference === null || view.isDestroyed) continue
      at = anchorAt(this.#blocks, view.state.doc, view.state.selection.head)
      last = reference
      count++
    }
    if (last !== null && count === 1) this.#describe(view, last)
  }

  async #addOne(view: EditorView, file: Blob, at: Anchor): Promise<string | null> {
    const { pictures, onNotice } = this.#options
    const made = await makePicture(file)
    if (typeof made === "string") {
      onNotice(made)
      return null
    }
    if (made.notice) onNotice(made.notice)
    const { width, height } = made.picture
    const blob = await this.#orNoRoom(() => pictures.add(made.picture))
    if (blob === null || view.isDestroyed || !view.editable) return null
    const { doc, tr } = view.state
    const position = resolveAnchor(this.#blocks, doc, at) ?? doc.content.size
    const picture = schema.nodes.image.create({ blob, width, height })
    view.dispatch(putPicture(tr, position, picture).scrollIntoView().setMeta("uiEvent", "picture"))
    return blob
  }

  #paste(view: EditorView, event: ClipboardEvent, slice: Slice): boolean {
    const found = this.#found
    this.#found = NOTHING_FOUND
    if (!view.editable) return false
    const files = pictureFiles(event.clipboardData)
    const hasWords = slice.content.textBetween(0, slice.content.size, "\n").trim() !== ""
    // Word and spreadsheets put a picture of the words beside the words.
    if (files.length > 0 && !hasWords) {
      void this.add(view, files)
      return true
    }
    if (found.remote > 0) this.#options.onNotice("remote")
    if (found.inline.length > 0) void this.#addInline(view, found.inline)
    return this.#takeSlice(view, slice) || (!hasWords && found.remote + found.inline.length > 0)
  }

  #drop(view: EditorView, event: DragEvent, slice: Slice): boolean {
    this.#found = NOTHING_FOUND
    if (!view.editable) return false
    const files = pictureFiles(event.dataTransfer)
    if (files.length === 0) return this.#takeSlice(view, slice)
    const place = view.posAtCoords({ left: event.clientX, top: event.clientY })
    const at = anchorAt(this.#blocks, view.state.doc, place?.pos ?? view.state.selection.head)
    void (async () => {
      for (const file of files) {
        const reference = await this.#addOne(view, file, at)
        if (reference !== null && files.length === 1) this.#describe(view, reference)
      }
    })()
    return true
  }

  // Bytes that stand in the page itself; they come after its words.
  async #addInline(view: EditorView, addresses: readonly string[]): Promise<void> {
    await Promise.resolve()
    await this.add(
      view,
      addresses.flatMap(address => blobOf(address) ?? []),
    )
  }

  /** Pictures of another document are taken over before what is pasted names them. */
  #takeSlice(view: EditorView, slice: Slice): boolean {
    const foreign = new Set<string>()
    slice.content.descendants(node => {
      if (isPicture(node) && String(node.attrs["blob"]).includes("@")) foreign.add(String(node.attrs["blob"]))
      return false
    })
    if (foreign.size === 0) return false
    const { pictures, onNotice } = this.#options
    void this.#orNoRoom(async () => {
      const here = new Map<string, string>()
      for (const blob of foreign) {
        const [reference = "", home = ""] = blob.split("@")
        const adopted = await pictures.adopt(reference, home)
        if (adopted === null) onNotice("not-here")
        else here.set(blob, adopted)
      }
      if (view.isDestroyed || !view.editable) return
      const taken = mapPictures(slice, blob => (blob.includes("@") ? (here.get(blob) ?? null) : blob))
      const tr = view.state.tr.replaceSelection(taken).scrollIntoView()
      view.dispatch(tr.setMeta("paste", true).setMeta("uiEvent", "paste"))
    })
    return true
  }

  async #orNoRoom<T>(f: () => Promise<T>): Promise<T | null> {
    try {
      return await f()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      this.#options.onNotice("no-room")
      return null
    }
  }

  #describe(view: EditorView, reference: string): void {
    const place = placeOf(view.state.doc, reference)
    const drawn = place === null ? null : view.nodeDOM(place)
    const at = drawn instanceof HTMLElement ? drawn.querySelector<HTMLElement>(".picture") : null
    if (at === null) return
    this.#options.onDescribe({
      alt: null,
      at,
      say: alt => {
        const now = placeOf(view.state.doc, reference)
        if (now === null || !view.editable) return
        view.dispatch(view.state.tr.setNodeAttribute(now, "alt", alt).setMeta("uiEvent", "describe"))
      },
    })
  }
}

const NOTHING_FOUND: Found = { inline: [], remote: 0 }

/** A slice with the references of its pictures changed; a picture whose reference becomes null is left out. */
function mapPictures(slice: Slice, change: (blob: string) => string | null): Slice {
  let changed = false
  const nodes: Node[] = []
  slice.content.forEach(node => {
    const blob = isPicture(node) ? change(String(node.attrs["blob"])) : null
    if (!isPicture(node) || blob === node.attrs["blob"]) nodes.push(node)
    else {
      changed = true
      if (blob !== null) nodes.push(node.type.create({ ...node.attrs, blob }, node.content, node.marks))
    }
  })
  if (!changed) return slice
  const content = Fragment.fromArray(nodes)
  const isWhole = nodes.length === slice.content.childCount
  return isWhole ? new Slice(content, slice.openStart, slice.openEnd) : new Slice(content, 0, 0)
}

function placeOf(doc: Node, reference: string): number | null {
  let place: number | null = null
  doc.forEach((node, offset) => {
    if (isPicture(node) && node.attrs["blob"] === reference) place = offset
  })
  return place
}

function pictureFiles(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter(file => file.type.startsWith("image/"))
}

/** The page is inert: nothing in it is fetched. A picture that stands for a tick in a list is none. */
function picturesIn(html: string): Found {
  if (!/<img\b/i.test(html)) return NOTHING_FOUND
  const page = new DOMParser().parseFromString(html, "text/html")
  const images = [...page.querySelectorAll("img")].filter(
    image => image.closest("[role=checkbox], li[role=checkbox], li > img") === null,
  )
  const addresses = images.map(image => image.getAttribute("src") ?? "").filter(address => address !== "")
  const inline = addresses.filter(address => address.startsWith("data:image/"))
  return { inline, remote: addresses.length - inline.length }
}

/** The bytes of a data: address; null if it is not written as they should be. */
function blobOf(address: string): Blob | null {
  const [, type, base64] = /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(address) ?? []
  if (type === undefined || base64 === undefined) return null
  const text = atob(base64.replace(/\s/g, ""))
  return new Blob([Uint8Array.from(text, sign => sign.charCodeAt(0))], { type })
}
