import { MemoryStore } from "../../../src/log/memory"
import type { LogStore } from "../../../src/log/store"
import { blobSuite } from "./blob-suite"
import { storeSuite } from "./store-suite"

for (const suite of [storeSuite, blobSuite])
  suite("memory", async () => {
    const stores = new Map<string, LogStore>()
    return async docId => {
      const store = stores.get(docId) ?? new MemoryStore()
      stores.set(docId, store)
      return store
    }
  })
