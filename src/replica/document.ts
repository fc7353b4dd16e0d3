// A document is an ordinary Y.Doc with three roots, all made before anything can arrive: `body`, one flat
// text with block markers in it; `title`, a text; `meta`, a map of small settings. This is the only place
// that makes one, so that every Y.Doc of Sheaf, rescue and tests included, has the same roots and the same
// formatting rules. It refuses to know what the body means: that is content/.
import * as Y from "yjs"

/** The Yjs whose internals the clean-up switch below was read against. A test compares it with the one installed. */
export const YJS_VERSION_READ = "13.6.33"

export const BODY = "body"
export const META = "meta"
// The title is a root text rather than a text inside `meta`: two people who name a new document at the same
// moment would each put a *different* text under the same key, and one of the titles would be lost.
export const TITLE = "title"

/**
 * A fresh document with its roots in place; creating it writes nothing.
 * @param clientID the session's number (protocol §4); by default Yjs chooses one at random
 */
export function createDocument(clientID?: number): Y.Doc {
  holdFormattingCleanUpOff()
  const doc = new Y.Doc({ gc: true })
  if (clientID !== undefined) doc.clientID = clientID
  doc.getText(BODY)
  doc.getText(TITLE)
  doc.getMap(META)
  return doc
}

/**
 * Switches Yjs's own clean-up of redundant format marks off, for every text of every Y.Doc, nested ones too.
 * The clean-up deletes marks on whichever replica happens to receive a change; as a receiver's deletions are
 * not sent (a reader writes nothing), documents would differ for good. Yjs asks one flag before it cleans, so
 * the flag is held false where all texts inherit from. Calling it again changes nothing.
 */
export function holdFormattingCleanUpOff(): void {
  Object.defineProperty(Y.Text.prototype, "_hasFormatting", {
    configurable: true,
    get: () => false,
    // Yjs's constructor and ContentFormat.integrate assign to it; the assignment must not create an own property.
    set: () => undefined,
  })
}

holdFormattingCleanUpOff()
