// From what is held of a document to the document on the screen: its text is opened with what this member may do, and
// everything that the screen needs is put together.
import { computed, type ReadonlySignal } from "@preact/signals-core"
import type { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import type { Standing } from "../people/membership"
import type { Holding } from "./holding"
import type { Library } from "./library"
import { type Me, type OpenDocument, type Pause, TARGET } from "./model"
import type { Notices } from "./notices"
import { Opened } from "./opened"
import type { AppParts } from "./parts"
import { problemOf } from "./problems"
import type { DocumentSearch } from "./search"
import type { SharedNetwork } from "./shared-network"
import { DocumentSharing } from "./sharing"

export interface EnteringParts {
  readonly app: AppParts
  readonly network: SharedNetwork
  readonly library: Library
  readonly search: DocumentSearch
  readonly notices: Notices
  readonly me: ReadonlySignal<Me>
  readonly pause: ReadonlySignal<Pause | null>
  readonly onFailed: (error: unknown) => void
  readonly onOutdated: () => void
}

/** Opens the text of a document that is entered. Rejects with StorageError. */
export async function enter(holding: Holding, parts: EnteringParts): Promise<Opened> {
  const { app, library, notices, onFailed } = parts
  const inside = holding.entered.peek()
  if (!inside) throw new Error("a document was entered before its certificates were here")
  const { keeper, standing } = inside
  const { docId } = holding
  const replica = await app.openReplica(holding.access, keeper).catch((error: unknown) => {
    // Nothing can be promised for a key pressed now; what is here can be read all the same (promise 3).
    if (!(error instanceof StorageError && error.reason === "full")) throw error
    notices.tell({ kind: "no-room-to-write" })
    return app.openReplica({ ...holding.access, role: "view" }, keeper)
  })
  const sharing = new DocumentSharing(holding, keeper, {
    world: app.world,
    origin: app.origin,
    givenBefore: right => library.given(docId, right),
    rememberGiven: (right, secret) => library.rememberGiven(docId, right, secret),
    names: () => library.names(docId),
    onProblem: error => notices.tell(problemOf(error)),
  })
  return new Opened(holding, { ...standing, role: replica.role }, replica, {
    pictures: app.openPictures(replica),
    world: app.world,
    verify: app.verify,
    network: parts.network,
    me: parts.me,
    pause: parts.pause,
    sharing,
    names: () => library.names(docId),
    page: app.profile?.page ?? null,
    seen: await library.seen(docId),
    remember: seen => void library.rememberSeen(docId, seen).catch(onFailed),
    target: computed(() => library.rows.value.find(({ id }) => id === docId)?.target ?? TARGET),
    removed: await removedBy(keeper, standing, holding, library),
    download: app.download,
    onSummary: summary =>
      void library
        .list(docId, summary)
        .then(() => app.profile?.news.post("list"))
        .catch(onFailed),
    onText: text => parts.search.put(text),
    onProblem: notices.tell,
    onMended: notices.mended,
    onName: (seat, name) => void library.rememberName(docId, seat, name).catch(onFailed),
    onOutdated: parts.onOutdated,
  })
}

// Whoever signed the first epoch that this member cannot write under any more; or its own end.
async function removedBy(
  { certificates }: Keeper,
  { isRemoved, epoch }: Standing,
  { keys }: Holding,
  library: Library,
): Promise<OpenDocument["removed"]> {
  if (!isRemoved) return null
  if (certificates.grant(keys.grant.publicKey)) return "ran-out"
  const names = await library.names(certificates.docId)
  const next = certificates
    .epochs()
    .find(({ parents, hash }) => parents.includes(epoch) && certificates.stands(hash))
  const seats = next ? certificates.seatsOf(next.signer) : []
  return { by: seats.map(({ hash }) => names.get(hash) ?? "").find(name => name !== "") ?? "" }
}
