// The document of a newcomer, as long as nothing of it is here: it can be shown, and nothing can be done with it.
import { signal } from "@preact/signals-core"
import { createDocument } from "../content/document"
import type { Holding } from "./holding"
import { type OpenDocument, type Sharing, TARGET } from "./model"
import { NO_NOTES } from "./notes"
import { watchPlaces } from "./places"

export function waitingDocument(holding: Holding): OpenDocument {
  return {
    id: holding.docId,
    doc: createDocument(),
    right: "view",
    title: signal(""),
    content: signal("waiting"),
    saved: signal({ state: "saved", at: 0 }),
    relay: holding.relay,
    people: signal([]),
    carets: signal([]),
    quiet: signal(false),
    follows: signal(null),
    unsentMs: signal(0),
    places: signal(0),
    holders: watchPlaces(holding),
    forget: () => undefined,
    target: signal(TARGET),
    outdated: holding.outdated,
    notes: NO_NOTES,
    pictures: null,
    setTitle: () => undefined,
    caretMoved: () => undefined,
    sharing: NOTHING_TO_SHARE,
    removed: null,
    history: notHere,
    missed: signal(null),
    seeAll: () => undefined,
    download: () => Promise.resolve(),
  }
}

const notHere = () => Promise.reject(new Error("a document that is not here cannot be shared"))
const NOTHING_TO_SHARE: Sharing = {
  given: signal([]),
  look: () => Promise.resolve(),
  link: notHere,
  takeBack: notHere,
}
