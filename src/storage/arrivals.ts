// What other programs hand over to the app through the system's share sheet: the service worker takes it from the form
// that the browser posts, and keeps it in a cache of its own until a window has fetched it. Anybody's page could post
// such a form, so that little is taken, and whatever it is is read like any file of unknown origin.

const CACHE = "sheaf-arrivals"
const FILES_MAX = 10
const NAME = "x-name"

/** Keeps the files of a share form (manifest, `share_target`), and its words as a text of their own. */
export async function keepArrivals(form: FormData): Promise<void> {
  const cache = await caches.open(CACHE)
  const words = ["title", "text", "url"].map(name => form.get(name)).filter(each => typeof each === "string")
  const text = [...new Set(words.map(each => each.trim()))].filter(each => each !== "").join("\n")
  const title = form.get("title")
  const files = form.getAll("file").filter(each => each instanceof File)
  if (text !== "")
    files.push(new File([text], `${(typeof title === "string" && title.trim()) || "Shared"}.txt`))
  for (const [index, file] of files.slice(0, FILES_MAX).entries()) {
    const headers = { [NAME]: encodeURIComponent(file.name) }
    await cache.put(`/arrived/${Date.now()}-${index}`, new Response(file, { headers }))
  }
}

/** What has arrived, each once: taking it removes it. Empty where there is no such cache. */
export async function takeArrivals(): Promise<File[]> {
  if (!("caches" in globalThis) || !(await caches.has(CACHE))) return []
  const cache = await caches.open(CACHE)
  const files: File[] = []
  for (const request of await cache.keys()) {
    const response = await cache.match(request)
    // Two windows that look at once: only one of them removes it.
    if (!response || !(await cache.delete(request))) continue
    files.push(new File([await response.blob()], decodeURIComponent(response.headers.get(NAME) ?? "")))
  }
  return files
}
