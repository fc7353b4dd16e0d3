// The composition root of the browser app: takes the secret out of the address bar, builds the concrete things and
// hands them to each other. What touches a browser's globals outside links/, storage/, editor/ and ui/ is here.
import { signal } from "@preact/signals"
import { render } from "preact"
import type { Address } from "./app/address"
import { createApp } from "./app/app"
import type { Note } from "./app/guardian"
import { Installer, type InstallOffer } from "./app/installing"
import { latePictures } from "./app/late"
import type { Page } from "./app/leader"
import { localFile } from "./app/local-file"
import type { Problem, Release } from "./app/model"
import type { RunningApp } from "./app/parts"
import type { ObjectUrls } from "./app/pictures"
import { problemOf } from "./app/problems"
import { BrowserRoom } from "./app/room"
import type { SearchThread } from "./app/search"
import { kindOfPlace } from "./app/seating"
import type { Composition } from "./app/updates"
import { VERB } from "./app/verbs"
import { encodeBase64url } from "./bytes/base64url"
import { realWorld, type Stop } from "./bytes/world"
import { createVerify, webCryptoVerify } from "./crypto/signing"
import { mountBare } from "./editor/bare"
import { isEditorOrigin } from "./editor/binding"
import type { JoinLobby } from "./links/lobby"
import type { Dial } from "./links/relay"
import { openReplica } from "./replica/replica"
import { takeArrivals } from "./storage/arrivals"
import { openCopies } from "./storage/copies"
import { openDatabase } from "./storage/database"
import { eraseDocument } from "./storage/erase"
import { openKeys } from "./storage/keys"
import { memoryLocks, webLocks } from "./storage/locks"
import { openLogStore } from "./storage/log-store"
import { openSessions } from "./storage/sessions"
import { browserTabs, canShare, openChannel } from "./storage/tabs"
import { App } from "./ui/App"
import { watchComposition } from "./ui/composing"
import { Returning } from "./ui/returning"
import { browserShelf } from "./ui/theme"

/** Of the package; put in by the build. */
declare const __VERSION__: string

/** This tab's name among those of its profile. */
const TAB = encodeBase64url(realWorld.random(9))
const updateWaiting = signal<Release | null>(null)
let takeUpdate: () => void = () => undefined

/** The address that this window was opened with. */
const started = location.href

void begin(takeLink())

async function begin(link: string | null): Promise<void> {
  if (!isSecureContext) return stop({ kind: "no-secure-context", address: location.origin })
  try {
    const { app, returning } = await build(link)
    const place = document.getElementById("app")
    if (place)
      render(<App app={app} mountBare={mountBare} now={realWorld.now} version={__VERSION__} />, place)
    document.getElementById("shell")?.remove()
    watchPage(app, returning)
    returning.scrollBack()
    watchArrivals(app)
    const composition = watchComposition(realWorld)
    // After the first caret: what is precached must not compete with it.
    realWorld.after(FIRST_CARET_MS, () => void watchForUpdates(app, composition))
  } catch (error) {
    console.error("Sheaf:", error)
    await stop(problemOf(error))
  }
}

const FIRST_CARET_MS = 500

async function build(link: string | null): Promise<{ app: RunningApp; returning: Returning }> {
  const [verify, database] = await Promise.all([
    createVerify(webCryptoVerify),
    openDatabase({ onOutdated: () => location.reload() }),
  ])
  const keys = openKeys(database)
  const returning = new Returning(keys.settings, realWorld)
  // From its icon: back to where one was, if the system has ended the app meanwhile.
  if (location.search === "?src=app") {
    const path = await returning.take()
    if (path !== null) history.replaceState(null, "", path)
  }
  const sessions = openSessions(database)
  const copies = openCopies(database)
  const locks = canShare() ? webLocks : memoryLocks()
  const app = await createApp(
    {
      world: realWorld,
      verify,
      placeKind: kindOfPlace(
        navigator.userAgent,
        navigator.maxTouchPoints > 1,
        Math.min(screen.width, screen.height),
      ),
      keys,
      origin: location.origin,
      storeOf: docId => openLogStore(database, docId),
      loadDial,
      peers: loadPeers,
      address: browserAddress,
      updates: { waiting: updateWaiting, take: () => takeUpdate() },
      profile: canShare()
        ? {
            tab: TAB,
            locks: webLocks,
            channel: openChannel("sheaf/network"),
            news: openChannel("sheaf/news"),
            page: browserPage,
          }
        : null,
      tabsOf: browserTabs,
      openReplica: (access, keeper) =>
        openReplica({
          access,
          keeper,
          store: openLogStore(database, access.docId),
          sessions,
          copies,
          locks,
          tabs: browserTabs(access.docId),
          world: realWorld,
          mayLeave: origin => isEditorOrigin(origin) || origin === VERB,
        }),
      openPictures: replica =>
        latePictures({
          replica,
          world: realWorld,
          urls: objectUrls,
          elsewhere: docId => openLogStore(database, docId).blobs,
        }),
      download: (name, type, text) => hand(name, new Blob([text], { type: `${type};charset=utf-8` })),
      save,
      startSearch,
      room: new BrowserRoom(navigator.storage ?? null),
      note: browserNote,
      installing: watchInstalling(),
      erase: (docId, settings) => eraseDocument(database, docId, settings),
    },
    link,
  )
  return { app, returning }
}

const browserNote: Note = {
  read: () => browserShelf()?.getItem("sheaf.had") ?? null,
  write: text => {
    if (text === null) browserShelf()?.removeItem("sheaf.had")
    else browserShelf()?.setItem("sheaf.had", text)
  },
}

const objectUrls: ObjectUrls = {
  make: (bytes, type) => URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type })),
  revoke: url => URL.revokeObjectURL(url),
}

async function loadDial(): Promise<Dial> {
  const { dialRelay } = await import("./links/relay")
  return (origin, events) => dialRelay(origin, realWorld, events)
}

// What finds other devices is as large as half of everything else: it comes when the text is there.
async function loadPeers(): Promise<JoinLobby | null> {
  await new Promise<void>(resolve => realWorld.after(FIRST_CARET_MS, resolve))
  const { openPeers } = await import("./links/peers")
  return openPeers({ world: realWorld, iceServers: [] })
}

function startSearch(): SearchThread {
  const worker = new Worker(new URL("./app/search-worker.ts", import.meta.url), { type: "module" })
  return {
    post: asked => worker.postMessage(asked),
    onTold: f => void listen(worker, "message", event => f((event as MessageEvent).data)),
  }
}

function watchInstalling(): Installer {
  const installer = new Installer({
    standalone: matchMedia("(display-mode: standalone)").matches,
    isApple: /iPhone|iPad|iPod/.test(navigator.userAgent),
  })
  listen(window, "beforeinstallprompt", event => {
    event.preventDefault() // it is offered where people look for it, and not in front of their words
    installer.offered(event as Event & InstallOffer)
  })
  listen(window, "appinstalled", () => installer.installed())
  return installer
}

/** The link that the app was opened with, out of sight before anything else happens. */
function takeLink(): string | null {
  if (location.hash.length < 2 || location.pathname !== "/join") return null
  const link = location.href
  history.replaceState(null, "", "/join")
  return link
}

const browserAddress: Address = {
  path: () => location.pathname,
  go: (path, how) =>
    how === "forward" ? history.pushState(null, "", path) : history.replaceState(null, "", path),
  onMove: f => listen(window, "popstate", f),
}

const browserPage: Page = {
  isVisible: () => !document.hidden,
  onChange(f) {
    const stops = [
      listen(document, "visibilitychange", () => f(document.hidden ? "hidden" : "visible")),
      listen(document, "freeze", () => f("frozen")),
      listen(document, "resume", () => f("thawed")),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  },
}

function watchPage(app: RunningApp, returning: Returning): void {
  // A link pasted into the address bar of a window that is open already.
  listen(window, "hashchange", () => {
    const link = takeLink()
    if (link) void app.join(link)
  })
  const flush = () => app.flushNow()
  listen(window, "blur", flush)
  listen(window, "pagehide", () => {
    flush()
    // In sight to the last: the window was closed by hand. Out of sight, the system may only be making room.
    if (!document.hidden) void returning.forget()
  })
  listen(document, "visibilitychange", () => {
    if (!document.hidden) return
    flush()
    void returning.note(location.pathname)
  })
}

// Files that the system opens with the app, what its share sheet hands over, and the shortcuts of its icon: with a
// window that is open already, they come to that one.
function watchArrivals(app: RunningApp): void {
  const receive = async (files: readonly File[]) => {
    for (const file of files) {
      const link =
        file.size < LINK_BYTES_MAX ? /https?:\/\/\S+\/join#\S+/.exec(await file.text())?.[0] : undefined
      if (link && file.name.endsWith(".txt")) await app.join(link)
      else await app.receive(localFile(file))
    }
  }
  void takeArrivals().then(receive)
  let isHeard = false
  const { launchQueue } = window as { launchQueue?: LaunchQueue }
  launchQueue?.setConsumer(async ({ files = [], targetURL }) => {
    if (files.length > 0) return receive(await Promise.all(files.map(file => file.getFile())))
    if (targetURL === started && !isHeard) {
      isHeard = true // the launch that has opened this window
      return
    }
    const { pathname, hash, origin } = new URL(targetURL ?? location.href)
    if (origin !== location.origin || pathname === location.pathname || pathname === "/") return
    if (pathname === "/join") return app.join(`${origin}${pathname}${hash}`)
    if (pathname === "/open") return receive(await takeArrivals())
    browserAddress.go(pathname, "forward")
    dispatchEvent(new PopStateEvent("popstate"))
  })
}

/** No link is longer, and hardly a text that is handed over for its link. */
const LINK_BYTES_MAX = 4_096

/** Launch Handler API (WICG): how a window hears that the app was started once more. */
interface LaunchQueue {
  setConsumer(
    consumer: (launch: {
      readonly targetURL?: string
      readonly files?: readonly { getFile(): Promise<File> }[]
    }) => void,
  ): void
}

async function watchForUpdates(app: RunningApp, composition: Composition): Promise<void> {
  if (!("serviceWorker" in navigator)) return
  const [{ watchUpdates, workerAt }, { tabsOf }] = await Promise.all([
    import("./app/updates"),
    import("./app/shared-network"),
  ])
  const updates = watchUpdates({
    worker: workerAt("/service-worker.js"),
    controlled: navigator.serviceWorker.controller !== null,
    flush: () => app.flush(),
    reload: () => location.reload(),
    world: realWorld,
    composition,
    others: canShare()
      ? { tab: TAB, channel: openChannel("sheaf/updates"), tabs: () => tabsOf(webLocks) }
      : null,
    onVisible: f => listen(document, "visibilitychange", () => document.hidden || f()),
  })
  takeUpdate = () => updates.take()
  updates.waiting.subscribe(waits => {
    updateWaiting.value = waits
  })
}

/** A file as a browser gives it to a person: wherever they keep what is downloaded. */
function hand(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob)
  const anchor = document.createElement("a")
  anchor.href = address
  anchor.download = name
  anchor.click()
  realWorld.after(60_000, () => URL.revokeObjectURL(address))
}

// A blob of many pieces is the browser's to keep, on its disk where it is large.
async function save(name: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const blobs: Blob[] = []
  for await (const piece of pieces) blobs.push(new Blob([new Uint8Array(piece)]))
  hand(name, new Blob(blobs, { type: "application/x-sheaf" }))
}

/** The app cannot run here: only why, and what to do. */
async function stop(problem: Problem): Promise<void> {
  const { ProblemScreen } = await import("./ui/late-notices")
  const place = document.getElementById("app")
  if (place) render(<ProblemScreen problem={problem} app={null} />, place)
  document.getElementById("shell")?.remove()
}

function listen(target: EventTarget, name: string, f: (event: Event) => unknown): Stop {
  const listener = (event: Event) => void f(event)
  target.addEventListener(name, listener)
  return () => target.removeEventListener(name, listener)
}
