// The relay as a value: one server, one port, one file. It puts the rooms together and takes them apart again in the
// order in which nothing is lost. What a process is (environment, signals, printed lines) is main.ts's affair.
import { createHash, timingSafeEqual } from "node:crypto"
import { createServer, type RequestListener, type Server } from "node:http"
import type { PublicKey } from "../bytes/ids"
import type { Stop, World } from "../bytes/world"
import { createVerify } from "../crypto/signing"
import { MESSAGE_BYTES_MAX } from "../sync/messages"
import { Database } from "./database"
import type { Journal } from "./journal"
import { listen } from "./port"
import { Quotas } from "./quota"
import { SyncServer } from "./server"
import type { Settings } from "./settings"
import { SIGNAL_BYTES_MAX, Signalling } from "./signalling"
import { createSigner } from "./signer"
import { answer, openSite, type Site } from "./site"
import { CLOSE, type Entrance, openEntrances, readAtPace, type Socket } from "./sockets"
import { Store } from "./store"
import { createNodeVerify } from "./verify"

/** What an end asks a relay before it dials, and what no captive portal would answer. */
export interface Introduction {
  readonly sheaf: 1
  /** The relay's Ed25519 public key, base64url. */
  readonly relayKey: PublicKey
  /** The relay's wall clock, ms. */
  readonly now: number
  readonly version: string
}

export interface Relay {
  readonly port: number
  readonly key: PublicKey
  /** Says goodbye to every end, finishes what is being written, closes the file. Safe to call twice. */
  close(): Promise<void>
}

/** What a relay is given by whoever starts it. */
export interface Surroundings {
  readonly world: World
  readonly journal: Journal
  /** The built app: a folder with an index.html. */
  readonly siteFolder: string
  readonly version: string
  /** Opens the file; a test's may be slow or full. */
  readonly openDatabase?: (folder: string, world: World) => Database
}

const SIGNAL_WAITING_BYTES_MAX = 1024 * 1024

/** Starts a relay. Throws DatabaseError, PortTakenError, and what the system says about folder or port. */
export async function startRelay(settings: Settings, surroundings: Surroundings): Promise<Relay> {
  const { world, journal, siteFolder, version } = surroundings
  const openDatabase = surroundings.openDatabase ?? ((folder, world) => new Database(folder, world))
  const database = openDatabase(settings.dataFolder, world)
  const store = new Store(database)
  const signer = createSigner(store.key(() => world.random(32)))
  const verify = await createVerify(createNodeVerify())
  const quotas = new Quotas(settings.limits, world)
  const conversations = new SyncServer({
    signer,
    store,
    verify,
    quotas,
    limits: settings.limits,
    world,
    journal,
  })
  const signalling = new Signalling(world)
  const open = new Set<Socket>()

  const introduce = (): Introduction => ({
    sheaf: 1,
    relayKey: signer.publicKey,
    now: world.now(),
    version,
  })
  const server = createServer(answerWith(introduce, openSite(siteFolder), journal))

  /** Counts the socket, checks the token, and only then lets it in. */
  const guarded = (entrance: Entrance): Entrance => ({
    ...entrance,
    onSocket(socket, query) {
      const counted = quotas.connect(socket.address)
      if (typeof counted !== "function") return socket.close(CLOSE.quota, counted.message)
      open.add(socket)
      socket.onClose(() => {
        counted()
        open.delete(socket)
      })
      if (settings.token !== null && !equalTexts(query.get("token") ?? "", settings.token))
        return socket.close(CLOSE.closed, "closed: this relay asks for a token")
      readAtPace(socket, bytes => quotas.received(socket.address, bytes))
      entrance.onSocket(socket, query)
    },
  })
  const sync = guarded({
    messageBytesMax: MESSAGE_BYTES_MAX,
    waitingBytesMax: settings.limits.waitingBytesMax,
    onSocket: socket => conversations.join(socket),
  })
  const signal = guarded({
    messageBytesMax: SIGNAL_BYTES_MAX,
    waitingBytesMax: SIGNAL_WAITING_BYTES_MAX,
    onSocket: socket => signalling.join(socket),
  })
  const stopEntrances = openEntrances(server, { "/sync": sync, "/signal": signal }, settings.proxies)

  try {
    const port = await listen(server, settings.port, settings.host)
    journal.info({ port, documents: store.documentCount, bytes: store.storedBytes }, "the relay is open")
    return {
      port,
      key: signer.publicKey,
      close: once(() => close(server, stopEntrances, open, conversations, database)),
    }
  } catch (failure) {
    database.close()
    throw failure
  }
}

/** Everything that is asked without a WebSocket: who this is, and the app. */
function answerWith(introduce: () => Introduction, site: Site, journal: Journal): RequestListener {
  return (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0]
    if (path === "/.well-known/sheaf") {
      response.writeHead(200, {
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "no-store",
        // An app that was served elsewhere may have been pointed here.
        "Access-Control-Allow-Origin": "*",
      })
      response.end(JSON.stringify(introduce()))
    } else if (path === "/sync" || path === "/signal") {
      answer(response, 426, "This is for WebSockets.")
    } else {
      site(request, response).catch((failure: unknown) => {
        journal.error({ failure: nameOf(failure) }, "a file of the app could not be sent")
        response.destroy()
      })
    }
  }
}

async function close(
  server: Server,
  stopEntrances: Stop,
  open: ReadonlySet<Socket>,
  conversations: SyncServer,
  database: Database,
): Promise<void> {
  stopEntrances()
  await conversations.close()
  const closed = new Promise(resolve => server.close(resolve))
  const left = [...open].map(socket => new Promise(resolve => socket.onClose(resolve)))
  for (const socket of open) socket.close(CLOSE.goingAway, "the relay is closing")
  await Promise.all(left)
  server.closeAllConnections()
  await closed
  database.close()
}

function once(f: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => {
    done ??= f()
    return done
  }
}

/** Takes the same time whatever the texts are. */
function equalTexts(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function nameOf(failure: unknown): string {
  return failure instanceof Error ? failure.name : typeof failure
}
