import { MemoryStore } from "../../../src/log/memory"
import type { LogStore } from "../../../src/log/store"
import { storeSuite } from "./store-suite"

storeSuite("memory", async () => {
  const stores = new Map<string, LogStore>()
  return async docId => {
    const store = stores.get(docId) ?? new MemoryStore()
    stores.set(docId, store)
    return store
  }
})
