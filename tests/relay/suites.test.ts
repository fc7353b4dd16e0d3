// The acceptance suites that the relay's parts share with all others of their kind: its store with every log store,
// and the way over a real relay with every carrier.

import { afterEach, onTestFailed } from "vitest"
import { WebSocket } from "ws"
import { realWorld } from "../../src/bytes/world"
import { socketLink } from "../../src/links/socket"
import { Database } from "../../src/relay/database"
import { Store } from "../../src/relay/store"
import type { Link } from "../../src/sync/link"
import { carrierSuite } from "../unit/links/suite"
import { blobSuite } from "../unit/log/blob-suite"
import { storeSuite } from "../unit/log/store-suite"
import { atEnd, closeAll, runRelay, temporaryFolder } from "./run"

afterEach(closeAll)

for (const suite of [storeSuite, blobSuite])
  suite("the relay's SQLite file", async () => {
    const database = new Database(temporaryFolder(), realWorld, 0)
    atEnd(() => database.close())
    const store = new Store(database)
    return async docId => store.document(docId)
  })

carrierSuite(
  "a relay in the middle",
  async () => {
    const relay = await runRelay()
    onTestFailed(() => console.info(relay.lines.join("")))
    const dial = async (): Promise<Link> => {
      const socket = new WebSocket(`${relay.url}/sync`)
      socket.binaryType = "arraybuffer"
      const link = new Promise<Link>((resolve, reject) => {
        socket.once("open", () => resolve(socketLink(socket, realWorld, () => undefined)))
        socket.once("error", reject)
      })
      atEnd(() => socket.terminate())
      return link
    }
    return {
      host: relay.host,
      join: async (a, b) => {
        const links = await Promise.all([dial(), dial()])
        a.meet(links[0], relay.key)
        b.meet(links[1], relay.key)
        return () => {
          for (const link of links) link.close()
        }
      },
      raw: dial,
      close: async () => undefined,
    }
  },
  { documents: 40 },
)
