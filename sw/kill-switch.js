// The kill switch: a service worker that removes itself. If a release ever ships a worker that cannot be
// updated past, serve this file as /service-worker.js (with `Cache-Control: no-cache`): browsers fetch it on
// their next check, it drops the cached app files, leaves, and reloads the open windows from the network.
// It touches no document: those lie in IndexedDB, which it does not open.
self.addEventListener("install", () => self.skipWaiting())

self.addEventListener("activate", event => {
  event.waitUntil(leave())
})

async function leave() {
  const names = await caches.keys()
  await Promise.all(names.map(name => caches.delete(name)))
  await self.registration.unregister()
  const windows = await self.clients.matchAll({ type: "window" })
  await Promise.all(windows.map(each => each.navigate(each.url)))
}
