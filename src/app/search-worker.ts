// The worker of the search: an engine behind postMessage, on a thread of its own, so that typing never waits for it.
import { realWorld } from "../bytes/world"
import { openTexts } from "../storage/texts"
import { type Asked, SearchEngine, type Told } from "./search-engine"

const tell = (told: Told) => postMessage(told)
const failed = (error: unknown) => tell({ tell: "failed", why: String(error) })
const engine = openTexts().then(texts => new SearchEngine({ texts, world: realWorld, tell }))

addEventListener("message", (event: MessageEvent<Asked>) => {
  engine.then(ready => ready.take(event.data)).catch(failed)
})
engine.then(ready => ready.read()).catch(failed)
