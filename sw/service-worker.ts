// The service worker: keeps the whole app on the device, so that a cold start needs no network, and hands
// over to a newer one only when a person has said yes. It never sees a document: only the app's own files.
//
// The build puts the list of files in place of `self.__WB_MANIFEST` (workbox-build, injectManifest). Should
// a bad worker ever be out there, deploy kill-switch.js in its place.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching"
import { NavigationRoute, registerRoute } from "workbox-routing"

// The DOM library has no types for the inside of a service worker: these are the few in use here.
interface WaitingEvent {
  waitUntil(work: Promise<unknown>): void
}
declare const self: {
  readonly __WB_MANIFEST: (string | { readonly url: string; readonly revision: string | null })[]
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: "activate", listener: (event: WaitingEvent) => void): void
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void
}

precacheAndRoute(self.__WB_MANIFEST)

// Caches of an older Workbox format only; the files of the version before go when this one is activated,
// which waits for every window's yes.
cleanupOutdatedCaches()

// Any address of the app opens the one page, also offline; its fragment never comes here. What a relay
// answers at the same origin is not the app's.
registerRoute(
  new NavigationRoute(createHandlerBoundToURL("/index.html"), {
    denylist: [/^\/sync(\/|$)/, /^\/signal(\/|$)/, /^\/\.well-known\//],
  }),
)

// No skipWaiting of its own accord: a page in use keeps the files it was started with.
self.addEventListener("message", event => {
  const { data } = event
  if (typeof data === "object" && data !== null && "type" in data && data.type === "SKIP_WAITING") {
    void self.skipWaiting()
  }
})

// On the very first visit: the page that installed the worker may go offline right away.
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()))
