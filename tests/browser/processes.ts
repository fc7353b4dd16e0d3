// Which processes are alive, and killing a whole tree of them: what "really kill the browser" needs. Reads
// /proc where there is one and asks `ps` elsewhere. POSIX only.
import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"

interface Process {
  readonly pid: number
  readonly parent: number
  /** One letter, as `ps` has it; "Z" has ended and waits for its parent to notice. */
  readonly state: string
}

function processes(): Process[] {
  if (!existsSync("/proc/self/stat")) {
    const lines = execFileSync("ps", ["-Ao", "pid=,ppid=,stat="], { encoding: "utf8" }).trim().split("\n")
    return lines.map(line => {
      const [pid = "", parent = "", state = ""] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), state: state.slice(0, 1) }
    })
  }
  return readdirSync("/proc")
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      const stat = readStat(name)
      if (stat === null) return []
      // proc(5): "pid (name) state ppid …"; the name may itself hold blanks and brackets.
      const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
      return [{ pid: Number(name), parent: Number(parent), state }]
    })
}

/** null when the process ended between the listing and the reading. */
function readStat(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
  } catch (failure) {
    const code = failure instanceof Error && "code" in failure ? failure.code : null
    if (code === "ENOENT" || code === "ESRCH") return null
    throw failure
  }
}

/** The process and all that descend from it, as long as they are alive. */
export function tree(pid: number): number[] {
  const all = processes().filter(({ state }) => state !== "Z")
  const found = all.some(process => process.pid === pid) ? [pid] : []
  for (const parent of found) {
    for (const child of all) if (child.parent === parent) found.push(child.pid)
  }
  return found
}

/** Those of `pids` that still run. */
export function alive(pids: readonly number[]): number[] {
  const running = new Set(processes().flatMap(({ pid, state }) => (state === "Z" ? [] : [pid])))
  return pids.filter(pid => running.has(pid))
}

/** SIGKILL to each; one that has ended meanwhile is no failure. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL")
    } catch (failure) {
      // ESRCH: it is gone already, which is what was wanted.
      if (!(failure instanceof Error && "code" in failure && failure.code === "ESRCH")) throw failure
    }
  }
}

/** Stops a process and all its descendants where they stand (SIGSTOP). Returns what lets them go on. */
export function halt(pid: number): () => void {
  const pids = tree(pid)
  for (const each of pids) process.kill(each, "SIGSTOP")
  return () => {
    for (const each of pids) process.kill(each, "SIGCONT")
  }
}
