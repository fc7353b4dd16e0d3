// Sheaf's own, as the app composes it but without its screens: the log with its sealed envelopes and the readable copy
// in IndexedDB, the replica that opens from them, and the editor on the replica's document.
import * as Y from "yjs"
import { realWorld } from "../../../src/bytes/world"
import { bodyOf, createDocument } from "../../../src/content/document"
import { createVerify, webCryptoVerify } from "../../../src/crypto/signing"
import { anchorAt } from "../../../src/editor/anchor"
import { EDITOR_ORIGIN, isEditorOrigin } from "../../../src/editor/binding"
import { CARET_COLOURS } from "../../../src/editor/carets"
import { mountEditor } from "../../../src/editor/editor"
import { noteAnchor } from "../../../src/editor/note-places"
import type { ShownNote } from "../../../src/editor/notes"
import { KnownBlocks } from "../../../src/editor/redraw"
import { Keeper } from "../../../src/log/keeper"
import { accessOf } from "../../../src/people/access"
import { foundDocument } from "../../../src/people/founding"
import { keysOf, type Membership, standingOf } from "../../../src/people/membership"
import type { NoteId } from "../../../src/records/note"
import { openReplica, type Replica } from "../../../src/replica/replica"
import { openCopies } from "../../../src/storage/copies"
import { openDatabase } from "../../../src/storage/database"
import { memoryLocks } from "../../../src/storage/locks"
import { openLogStore } from "../../../src/storage/log-store"
import { openSessions } from "../../../src/storage/sessions"
import { browserTabs } from "../../../src/storage/tabs"
import { keep, kept } from "./bytes"
import { takeStage } from "./stage"
import { anchorRanges } from "./subject"
import "../../../src/ui/styles.css"

const NAME = `sheaf-${location.search}`
/** One envelope holds at most 4 MiB: a long text comes in several, as it would be pasted. */
const PASTED_AT_ONCE = 2_000

takeStage({
  async fill(paragraphs) {
    const verify = await createVerify(webCryptoVerify)
    const database = await openDatabase({}, NAME)
    const { membership, certificates } = foundDocument(realWorld.random)
    await (await Keeper.found(openLogStore(database, membership.docId), verify, certificates)).close()
    database.close()
    await keep(`${NAME}-membership`, "membership", membership)
    const replica = await open(membership)
    for (let from = 0; from < paragraphs.length; from += PASTED_AT_ONCE) {
      replica.doc.transact(() => {
        for (const text of paragraphs.slice(from, from + PASTED_AT_ONCE)) append(bodyOf(replica.doc), text)
      }, EDITOR_ORIGIN)
      await replica.flush()
    }
    await replica.settled()
    await replica.close()
  },
  async open(place) {
    const { doc } = await open(await kept<Membership>(`${NAME}-membership`, "membership"))
    const editor = mountEditor({ place, doc, editable: true, label: "Text" })
    const { view } = editor
    let elsewhere: { readonly doc: Y.Doc; readonly blocks: KnownBlocks } | null = null
    return {
      view,
      typedElsewhere(block) {
        if (elsewhere === null) {
          const copy = createDocument()
          Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
          const blocks = new KnownBlocks(bodyOf(copy))
          blocks.drawAll()
          elsewhere = { doc: copy, blocks }
        }
        const before = Y.encodeStateVector(elsewhere.doc)
        let unit = 1
        for (const each of elsewhere.blocks.drawRow(0, block)) unit += 1 + each.content.size
        bodyOf(elsewhere.doc).insert(unit, "y")
        const update = Y.encodeStateAsUpdate(elsewhere.doc, before)
        return () => Y.applyUpdate(doc, update, "arrived")
      },
      addAnchors(count) {
        const blocks = new KnownBlocks(bodyOf(doc))
        blocks.drawAll()
        const ranges = anchorRanges(view.state.doc.content.size, count)
        const all = ranges.map(({ from, to }, i): ShownNote => {
          const anchor = noteAnchor(blocks, view.state.doc, from, to)
          return {
            id: String(i) as NoteId,
            anchor,
            change: null,
            colour: "pine",
            title: "A comment",
            own: false,
          }
        })
        editor.notes.show(all, null)
      },
      showCarets(count) {
        const blocks = new KnownBlocks(bodyOf(doc))
        blocks.drawAll()
        const { doc: shown } = view.state
        editor.setCarets(
          Array.from({ length: count }, (_, i) => {
            const at = anchorAt(blocks, shown, 1 + Math.floor((i * shown.content.size) / count))
            const colour = CARET_COLOURS[i % CARET_COLOURS.length] ?? "pine"
            return { key: String(i), name: `Person ${i}`, colour, caret: { anchor: at, head: at } }
          }),
        )
      },
    }
  },
})

/** Opens the replica of the one document in this page's database, as main.tsx does. */
async function open(membership: Membership): Promise<Replica> {
  const verify = await createVerify(webCryptoVerify)
  const database = await openDatabase({}, NAME)
  const store = openLogStore(database, membership.docId)
  const keeper = await Keeper.open(store, verify)
  if (keeper === null) throw new Error("the log that was founded is not there")
  const keys = keysOf(membership)
  const standing = standingOf(membership, keys, keeper.certificates)
  if (typeof standing === "string") throw new Error(`the founder has no standing: ${standing}`)
  return openReplica({
    access: accessOf(membership.docId, keys, standing),
    keeper,
    store,
    sessions: openSessions(database),
    copies: openCopies(database),
    locks: memoryLocks(),
    tabs: browserTabs(membership.docId),
    world: realWorld,
    mayLeave: isEditorOrigin,
  })
}

function append(body: Y.Text, text: string): void {
  body.insertEmbed(body.length, new Y.Map())
  body.insert(body.length, text)
}
