// Finds the Chromium that the browser tests drive, and brings one when there is none. Run as a command
// before the tests (`node tests/browser/chromium.mjs`) it prints the path it settled on, or says exactly
// what to do and exits 1. Plain Node, so that it runs before anything is built. A file that is there but
// cannot run (a stub that wants snap, missing libraries) does not count as found.
import { spawn, spawnSync } from "node:child_process"
import { existsSync, realpathSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { chromium } from "@playwright/test"

const MINUTE_MS = 60_000
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
const MAC_APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

/** How each system's own package manager installs Chromium; the first that exists is used. */
const MANAGERS = [
  {
    name: "apt-get",
    asRoot: true,
    steps: [["update"], ["install", "-y", "--no-install-recommends", "chromium"]],
  },
  { name: "dnf", asRoot: true, steps: [["install", "-y", "chromium"]] },
  { name: "pacman", asRoot: true, steps: [["-Sy", "--noconfirm", "chromium"]] },
  { name: "apk", asRoot: true, steps: [["add", "chromium"]] },
  { name: "brew", asRoot: false, steps: [["install", "--cask", "chromium"]] },
]

/**
 * The path of a Chromium that runs, or null. Looks at CHROMIUM_PATH, then the system's, then Playwright's.
 * Starts each candidate once with `--version`; downloads nothing.
 * @returns {string | null}
 */
export function findChromium() {
  const fromEnvironment = process.env.CHROMIUM_PATH
  const candidates = [
    ...(fromEnvironment ? [fromEnvironment] : []),
    ...NAMES.map(onPath).filter(path => path !== null),
    ...MAC_APPLICATIONS,
    chromium.executablePath(),
  ]
  return candidates.find(runs) ?? null
}

/** @param {string} name @returns {string | null} the program of that name on PATH */
function onPath(name) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(folder => folder !== "")
  return folders.map(folder => join(folder, name)).find(path => existsSync(path)) ?? null
}

/** @param {string} path */
function runs(path) {
  if (!existsSync(path)) return false
  const answer = spawnSync(path, ["--version"], { timeout: 30_000, killSignal: "SIGKILL", encoding: "utf8" })
  return answer.status === 0 && /chrom/i.test(answer.stdout)
}

/** Runs one installing command for a bounded time; its output goes to stderr, so stdout stays the path. */
function attempt(command, args, limitMs) {
  process.stderr.write(`trying: ${command} ${args.join(" ")}\n`)
  return new Promise(resolve => {
    // A group of its own: a download that hangs is killed together with whatever it started.
    const child = spawn(command, args, { detached: true, stdio: ["ignore", 2, 2] })
    const limit = setTimeout(() => {
      process.stderr.write(`gave up after ${limitMs / MINUTE_MS} minutes\n`)
      killGroup(child)
    }, limitMs)
    child.on("error", failure => {
      clearTimeout(limit)
      process.stderr.write(`${failure.message}\n`)
      resolve(false)
    })
    child.on("exit", status => {
      clearTimeout(limit)
      resolve(status === 0)
    })
  })
}

function killGroup(child) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, "SIGKILL")
  } catch (failure) {
    // ESRCH: it ended by itself between the limit and the signal. Anything else is ours to see.
    if (failure.code !== "ESRCH") throw failure
  }
}

function prefixForRoot() {
  if (process.getuid?.() === 0) return []
  const sudo = spawnSync("sudo", ["-n", "true"], { timeout: 10_000 })
  return sudo.status === 0 ? ["sudo", "-n"] : null
}

async function installChromium() {
  const playwright = fileURLToPath(import.meta.resolve("@playwright/test/cli"))
  const install = mode => attempt(process.execPath, [playwright, mode, "chromium"], 4 * MINUTE_MS)

  if ((await install("install")) && findChromium() !== null) return
  const root = prefixForRoot()
  // Downloaded, yet it does not run: the libraries it needs are missing.
  if (existsSync(chromium.executablePath()) && root !== null) {
    await install("install-deps")
    if (findChromium() !== null) return
  }
  const manager = MANAGERS.find(({ name }) => onPath(name) !== null)
  const prefix = manager?.asRoot ? root : []
  if (manager === undefined || prefix === null) return
  for (const step of manager.steps) {
    const [command, ...args] = [...prefix, manager.name, ...step]
    await attempt(command, args, 5 * MINUTE_MS)
  }
}

const HELP = `No Chromium was found, and none could be installed from here.
Do one of these, then run the tests again:
  - install Chromium with your system's packages, for example:
      sudo apt-get install chromium      (Debian; on Ubuntu: sudo snap install chromium)
      sudo dnf install chromium          (Fedora)
      brew install --cask chromium       (macOS)
  - or let Playwright fetch its own:     npx playwright install --with-deps chromium
  - or name one that you already have:   CHROMIUM_PATH=/path/to/chrome npm run test:browser
`

async function main() {
  if (process.env.CHROMIUM_PATH && !runs(process.env.CHROMIUM_PATH)) {
    process.stderr.write(
      `CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, which does not run; looking further\n`,
    )
  }
  if (findChromium() === null) await installChromium()
  const path = findChromium()
  if (path === null) {
    process.stderr.write(HELP)
    process.exitCode = 1
    return
  }
  process.stdout.write(`${path}\n`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main()
