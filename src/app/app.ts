// The app as a whole: where it is, who this person is, what must be said above everything. It opens one document at a
// time and puts the others away. The composition root hands it everything that touches a browser, so that all of it
// runs, and is tested, without one.
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core"
import type { Stop } from "../bytes/world"
import { Keeper } from "../log/keeper"
import { StorageError } from "../log/store"
import { deriveKeys, type Membership } from "../people/membership"
import { pathOf, placeOf, readLink } from "./address"
import { Arranger } from "./arranging"
import { colourFor, isColourName } from "./company"
import { enter } from "./entering"
import { acknowledge, guard } from "./guardian"
import { guestParts } from "./guest"
import { Holding } from "./holding"
import { type Beginning, imported, isImportable } from "./importing"
import { joinNetwork } from "./joining"
import { SealedCopies } from "./keeping"
import { lateFiles } from "./late"
import { Library } from "./library"
import type { DocumentRow, Files, Installing, LocalFile, Me, Place, Problem, Release, Screen } from "./model"
import type { News } from "./news"
import { Notices } from "./notices"
import type { Opened } from "./opened"
import type { AppParts, RunningApp } from "./parts"
import { problemOf } from "./problems"
import type { BrowserRoom } from "./room"
import { DocumentSearch } from "./search"
import type { OwnPlace } from "./seating"
import type { SharedNetwork } from "./shared-network"
import { DeviceTraffic } from "./traffic"
import { waitingDocument } from "./waiting"

/** Reads what is stored, and goes where the address points. `link`: the share link that the app was opened with. */
export async function createApp(parts: AppParts, link: string | null): Promise<RunningApp> {
  const app = new SheafApp(parts)
  await app.start(link)
  return app
}

/** The document in front of the person. `opened` is null as long as nothing of it is here. */
interface Here {
  readonly holding: Holding
  opened: Opened | null
  readonly stops: Stop[]
}

class SheafApp implements RunningApp {
  readonly #notices = new Notices()
  readonly problems = this.#notices.problems
  readonly place: Signal<Place> = signal({ at: "opening", title: "" })
  readonly rows: ReadonlySignal<readonly DocumentRow[]>
  readonly me: Signal<Me>
  readonly updateWaiting: ReadonlySignal<Release | null>
  readonly arranging: Arranger
  readonly room: BrowserRoom
  readonly installing: Installing
  readonly search: DocumentSearch
  readonly keeping: SealedCopies
  readonly files: Files
  readonly arrived: Signal<LocalFile | null> = signal(null)
  readonly traffic: DeviceTraffic
  readonly #parts: AppParts
  readonly #place: OwnPlace
  readonly #library: Library
  readonly #network: SharedNetwork
  #here: Here | null = null
  /** One move at a time: the last one asked for is where one ends. */
  #moving: Promise<unknown> = Promise.resolve()

  constructor(parts: AppParts) {
    this.#parts = parts
    this.#library = new Library(parts)
    this.rows = this.#library.rows
    this.me = signal({ name: "", colour: colourFor(String(parts.world.random(4))) })
    this.#place = { kind: parts.placeKind, me: this.me }
    this.updateWaiting = parts.updates.waiting
    this.room = parts.room
    this.installing = parts.installing
    this.search = new DocumentSearch(parts.startSearch, this.rows)
    this.arranging = new Arranger({
      library: this.#library,
      now: parts.world.now,
      erase: parts.erase,
      onErased: id => this.search.remove(id),
      onArranged: () => parts.profile?.news.post("list"),
      onProblem: this.#failed,
    })
    this.traffic = new DeviceTraffic({
      ...parts,
      settings: parts.keys.settings,
      page: parts.profile?.page ?? null,
      onChange: () => parts.profile?.news.post("traffic"),
      onProblem: this.#failed,
    })
    const guests = guestParts({ ...parts, place: this.#place }, this.#library)
    this.#network = joinNetwork({
      app: parts,
      traffic: this.traffic,
      library: this.#library,
      guests,
      recent: async () => [...(await this.#library.recent()), ...(await this.keeping.carried())],
      here: () => this.#here?.holding ?? null,
      place: this.place,
      onFailed: this.#failed,
    })
    this.keeping = new SealedCopies({
      ...parts,
      settings: parts.keys.settings,
      library: this.#library,
      network: this.#network,
      onListed: () => parts.profile?.news.post("list"),
    })
    this.files = lateFiles({
      ...parts,
      library: this.#library,
      guests,
      here: docId => (this.#here?.holding.docId === docId ? this.#here.holding.shelved : null),
      flush: () => this.flush(),
      onListed: () => parts.profile?.news.post("list"),
    })
    parts.profile?.news.onNote(news => void this.#hearNews(news).catch(this.#failed))
  }

  async start(link: string | null): Promise<void> {
    const { address } = this.#parts
    await Promise.all([this.#recall(), this.#library.load(), this.keeping.load(), this.traffic.start()])
    this.#notices.tellIf(guard(this.rows, this.#parts.note))
    await this.arranging.empty()
    address.onMove(() => void this.#follow(address.path()))
    if (link !== null) await this.join(link)
    else await this.#follow(address.path())
  }

  go(screen: Screen): void {
    this.#parts.address.go(pathOf(screen), "forward")
    void this.#inTurn(() => this.#goTo(screen))
  }

  create(beginning: Beginning | null = null): Promise<void> {
    return this.#inTurn(() => this.#begin(beginning))
  }

  async #begin(beginning: Beginning | null): Promise<void> {
    await this.#show(await this.#library.fresh(), "forward")
    if (beginning !== null) this.#here?.opened?.fill(beginning.title, beginning.blocks)
  }

  receive(file: LocalFile): Promise<void> {
    return this.#inTurn(async () => {
      if (isImportable(file.name)) return this.#import(file)
      if (this.place.peek().at !== "home") this.#parts.address.go(pathOf("home"), "forward")
      await this.#goTo("home")
      this.arrived.value = file
    })
  }

  async #import(file: LocalFile): Promise<void> {
    const beginning = await imported(file)
    if (beginning) await this.#begin(beginning)
    else this.#notices.tell({ kind: "file-unreadable", name: file.name })
  }

  open(id: string): Promise<void> {
    return this.#inTurn(() => this.#openKnown(id, "forward"))
  }

  join(text: string): Promise<void> {
    void this.room.keepOnce()
    return this.#inTurn(async () => {
      const link = readLink(text)
      if ("problem" in link) await this.#stop(link.problem)
      else await this.#show(await this.#library.accept(link, this.keeping.has(link.docId)), "in place")
    })
  }

  async introduce(me: Me): Promise<void> {
    void this.room.keepOnce()
    this.me.value = me
    this.#here?.opened?.introduced()
    await this.#parts.keys.introduce(me)
    this.#parts.profile?.news.post("me")
  }

  dismiss(problem: Problem): void {
    if (problem.kind === "storage-cleared") acknowledge(this.#parts.note)
    this.#notices.dismiss(problem)
  }

  takeUpdate(): void {
    this.flushNow()
    this.#parts.updates.take()
  }

  flushNow(): void {
    this.#here?.opened?.flushNow()
  }

  async flush(): Promise<void> {
    await this.#here?.opened?.flush()
  }

  async #hearNews(news: News): Promise<void> {
    if (news === "list") await Promise.all([this.#library.load(), this.keeping.load()])
    else if (news === "traffic") await this.traffic.load()
    else await this.#recall()
  }

  async #recall(): Promise<void> {
    const me = await this.#parts.keys.me()
    if (!me) return
    this.me.value = { name: me.name, colour: isColourName(me.colour) ? me.colour : colourFor(me.name) }
    this.#here?.opened?.introduced()
  }

  async #follow(path: string): Promise<void> {
    const to = placeOf(path)
    if (to.at === "document") return this.#inTurn(() => this.#openKnown(to.id, "in place"))
    // Whoever comes for the first time finds an empty page with the caret in it, and not an empty list.
    const first = this.rows.peek().length === 0 && this.#here === null
    if (to.at === "new" || first)
      return this.#inTurn(async () => this.#show(await this.#library.fresh(), "in place"))
    return this.#inTurn(() => this.#goTo(to.at))
  }

  async #goTo(at: Screen): Promise<void> {
    await this.#leave()
    this.place.value = { at }
  }

  async #stop(problem: Problem): Promise<void> {
    await this.#leave()
    this.place.value = { at: "problem", problem }
  }

  async #openKnown(id: string, how: "forward" | "in place"): Promise<void> {
    if (this.#here?.holding.docId === id) return
    const membership = await this.#library.membership(id)
    if (membership) await this.#show(membership, how)
    else await this.#stop({ kind: "document-not-here", id })
  }

  async #show(membership: Membership, how: "forward" | "in place"): Promise<void> {
    const { address, storeOf, verify } = this.#parts
    const id = membership.docId
    await Promise.all([this.#leave(), deriveKeys(membership)])
    if (address.path() !== `/d/${id}`) address.go(`/d/${id}`, how)
    this.place.value = { at: "opening", title: this.#library.row(id)?.title ?? "" }
    void this.#library.rememberOpened(id).catch(this.#failed)
    const store = storeOf(id)
    const holding = new Holding(membership, {
      world: this.#parts.world,
      verify,
      place: this.#place,
      pinOf: origin => this.#library.pinOf(origin),
      names: await this.#library.names(id),
      network: this.#network,
      store,
      stored: await this.#library.holding(id),
      remember: what => void this.#library.rememberHolding(id, what).catch(this.#failed),
      onProblem: this.#notices.tell,
      onMended: this.#notices.mended,
    })
    const here: Here = { holding, opened: null, stops: [] }
    this.#here = here
    holding.open(await Keeper.open(store, verify))
    here.stops.push(holding.shut.subscribe(why => why && this.#shut(here)))
    if (holding.entered.peek()) await this.#enter(here)
    else this.#wait(here)
  }

  // Nothing is here but a link: the screen says so, and changes by itself when somebody's copy arrives.
  #wait(here: Here): void {
    const { holding } = here
    if (!holding.shut.peek()) this.place.value = { at: "document", document: waitingDocument(holding) }
    here.stops.push(
      holding.entered.subscribe(inside => {
        if (inside) void this.#inTurn(async () => this.#here === here && !here.opened && this.#enter(here))
      }),
    )
  }

  async #enter(here: Here): Promise<void> {
    await this.keeping.release(here.holding.docId)
    here.opened = await enter(here.holding, {
      app: this.#parts,
      network: this.#network,
      library: this.#library,
      search: this.search,
      notices: this.#notices,
      me: this.me,
      pause: this.traffic.pause,
      onFailed: this.#failed,
      onOutdated: () => void this.#inTurn(() => this.#enterAnew(here)),
    })
    this.place.value = { at: "document", document: here.opened }
  }

  // Somebody was given less, or more, or what they had built upon was taken back.
  async #enterAnew(here: Here): Promise<void> {
    const { opened } = here
    if (this.#here !== here || !opened) return
    this.place.value = { at: "opening", title: opened.title.peek() }
    here.opened = null
    await opened.close()
    await this.#enter(here)
  }

  async #leave(): Promise<void> {
    const here = this.#here
    this.#here = null
    if (!here) return
    for (const stop of here.stops) stop()
    await here.opened?.close()
    here.holding.close()
    await here.holding.entered.peek()?.keeper.close()
  }

  #shut(here: Here): void {
    if (this.#here !== here) return
    if (here.holding.shut.peek() === "host") return void this.#inTurn(() => this.#keep(here))
    this.place.value = { at: "problem", problem: { kind: "link-not-recognised" } }
  }

  // There is nothing to read: the device keeps it, and the person is shown that it does.
  async #keep(here: Here): Promise<void> {
    if (this.#here !== here) return
    await this.keeping.take(here.holding.docId)
    this.#parts.address.go(pathOf("settings"), "in place")
    await this.#goTo("settings")
  }

  readonly #failed = (error: unknown): void => {
    if (!(error instanceof StorageError)) throw error
    this.#notices.tell(problemOf(error))
  }

  // What fails on the way somewhere is where one ends: said on the screen, never a blank page.
  #inTurn(f: () => Promise<unknown>): Promise<void> {
    const done = this.#moving.then(f).then(
      () => undefined,
      (error: unknown) => {
        this.place.value = { at: "problem", problem: problemOf(error) }
        console.error("Sheaf:", error)
      },
    )
    this.#moving = done
    return done
  }
}
