// The relay as a process: `node dist/relay/main.js`. It reads the environment, says in plain lines where it is, and
// goes in good order when it is told to. Everything else is in relay.ts.
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { version } from "../../package.json"
import { realWorld } from "../bytes/world"
import { DatabaseError } from "./database"
import { openJournal } from "./journal"
import { networkAddresses, PortTakenError } from "./port"
import { type Relay, startRelay } from "./relay"
import { readSettings, SettingError, type Settings } from "./settings"

// Beside the built relay (dist/relay/main.js) stands the built app.
const SITE_FOLDER = fileURLToPath(new URL("../app", import.meta.url))
/** How long a farewell may take before the process ends all the same. */
const FAREWELL_MS = 8_000

/** In one piece, so that whoever waits for the address has the rest as well. */
function introduce(relay: Relay, settings: Settings): void {
  const lines = [
    `Sheaf is at http://localhost:${relay.port}/`,
    `It keeps sealed copies in ${resolve(settings.dataFolder)}`,
  ]
  const addresses = settings.host === null ? networkAddresses(relay.port) : []
  if (addresses.length > 0)
    lines.push(
      `Others on this network reach it at ${addresses.join(" ")}`,
      "To install it on a phone, it must be reached by https: put it behind a proxy that has a certificate.",
    )
  process.stdout.write(`${lines.join("\n")}\n`)
}

function closeOnSignals(relay: Relay): void {
  const close = () => {
    setTimeout(() => process.exit(1), FAREWELL_MS).unref()
    relay.close().then(
      () => process.exit(0),
      (failure: unknown) => {
        process.stderr.write(`The relay did not close in good order: ${String(failure)}\n`)
        process.exit(1)
      },
    )
  }
  process.once("SIGTERM", close)
  process.once("SIGINT", close)
}

try {
  const settings = readSettings(process.env)
  const journal = openJournal(settings.logLevel)
  const relay = await startRelay(settings, { world: realWorld, journal, siteFolder: SITE_FOLDER, version })
  closeOnSignals(relay)
  introduce(relay, settings)
} catch (failure) {
  const meantForPeople = [SettingError, PortTakenError, DatabaseError].some(kind => failure instanceof kind)
  if (!(failure instanceof Error && meantForPeople)) throw failure
  process.stderr.write(`${failure.message}\n`)
  process.exitCode = 1
}
