// The service worker: keeps the whole app on the device, so that a cold start needs no network, and hands
// over to a newer one only when a person has said yes. It never sees a document: only the app's own files.
// Files of the version before stay as long as any window was opened by it: such a window may still ask for a
// part that it has not needed so far.
//
// The build puts the list of files in place of `self.__WB_MANIFEST` (workbox-build, injectManifest). Should
// a bad worker ever be out there, deploy kill-switch.js in its place.
import { PrecacheController, PrecacheRoute } from "workbox-precaching"
import { NavigationRoute, registerRoute } from "workbox-routing"
import { keepArrivals } from "../src/storage/arrivals"
import { matching } from "../src/ui/words/matching"

// The DOM library has no types for the inside of a service worker: these are the few in use here.
interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface AnswerEvent extends WorkerEvent {
  readonly request: Request
  /** The window that a navigation makes; empty for anything else. */
  readonly resultingClientId: string
}
/** What this version is; put in by the build. */
declare const __RELEASE__: unknown
type AppFile = { readonly url: string; readonly revision: string | null }
declare const self: {
  readonly __WB_MANIFEST: AppFile[]
  readonly navigator: { readonly languages: readonly string[] }
  readonly clients: {
    claim(): Promise<void>
    matchAll(of: { type: "window"; includeUncontrolled: true }): Promise<readonly { readonly id: string }[]>
  }
  skipWaiting(): Promise<void>
  addEventListener(type: "install" | "activate", listener: (event: WorkerEvent) => void): void
  addEventListener(type: "fetch", listener: (event: AnswerEvent) => void): void
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void
}

const manifest = self.__WB_MANIFEST
const files = new PrecacheController()
files.addToCacheList(manifest.filter(({ url }) => languageIn(url) === null))

/** The languages of this version: the addresses of their catalogues, by their codes. */
const languages = new Map<string, string>()
for (const { url } of manifest) {
  const code = languageIn(url)
  if (code !== null) languages.set(code, url)
}
/** Those that were spoken on this device; the others are not fetched. */
const LANGUAGES = "sheaf-languages"

/** Windows that this worker has opened since it last woke. What it forgot counts as older, which only keeps more. */
const opened = new Set<string>()
let tidied = false

// Before the routes: whoever answers an event is the last to hear of it.
self.addEventListener("fetch", event => {
  if (event.request.mode === "navigate") opened.add(event.resultingClientId)
  // A window asks for its parts when the one that it replaces is gone.
  else if (!tidied) event.waitUntil(tidy(event))
})

// Every file of this version, then files of the one before: they have names of their own in the same cache.
registerRoute(new PrecacheRoute(files))
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && languageIn(url.pathname) !== null,
  async ({ request }) => {
    const kept = await caches.match(request)
    if (kept) return kept
    const fetched = await fetch(request)
    if (fetched.ok) await (await caches.open(LANGUAGES)).put(request, fetched.clone())
    return fetched
  },
)
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith("/assets/"),
  async ({ request }) => (await caches.match(request)) ?? fetch(request),
)

// Any address of the app opens the one page, also offline; its fragment never comes here. What a relay
// answers at the same origin is not the app's.
registerRoute(
  new NavigationRoute(files.createHandlerBoundToURL("/index.html"), {
    denylist: [/^\/sync(\/|$)/, /^\/signal(\/|$)/, /^\/\.well-known\//],
  }),
)

// What the system's share sheet hands over (manifest, share_target): kept for the window that opens next.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === "/share",
  async ({ request }) => {
    await keepArrivals(await request.formData())
    return Response.redirect("/open", 303)
  },
  "POST",
)

self.addEventListener("install", event => {
  files.install(event)
  event.waitUntil(keepLanguages())
})

// Claims: on the very first visit the page that installed the worker may go offline right away.
self.addEventListener("activate", event => {
  event.waitUntil(Promise.all([tidy(event), self.clients.claim()]))
})

// No skipWaiting of its own accord: a page in use keeps the files it was started with.
self.addEventListener("message", event => {
  const { data } = event
  if (typeof data !== "object" || data === null || !("type" in data)) return
  if (data.type === "SKIP_WAITING") void self.skipWaiting()
  if (data.type === "WHICH") event.ports[0]?.postMessage(__RELEASE__)
})

/** Removes what belongs to no file of this version, unless a window may have been opened by an older one. */
async function tidy(event: WorkerEvent): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
  if (tidied || windows.some(({ id }) => !opened.has(id))) return
  tidied = true
  await files.activate(event)
  const kept = await caches.open(LANGUAGES)
  const current = new Set(languages.values())
  for (const request of await kept.keys())
    if (!current.has(new URL(request.url).pathname.slice(1))) await kept.delete(request)
}

/** Fetches this version of every language that was spoken here; the first time, of the one that the device prefers. */
async function keepLanguages(): Promise<void> {
  const kept = await caches.open(LANGUAGES)
  const spoken = (await kept.keys()).map(({ url }) => languageIn(url) ?? "")
  const first = matching([...languages.keys()], self.navigator.languages) ?? "en"
  const wanted = [...new Set(spoken.length > 0 ? spoken : [first])]
  await kept.addAll(wanted.flatMap(code => languages.get(code) ?? []).map(url => `/${url}`))
}

/** The code of the language whose catalogue lies at an address; null: it is something else. */
function languageIn(address: string): string | null {
  return /\bassets\/language-([a-z]+)-/.exec(address)?.[1] ?? null
}
