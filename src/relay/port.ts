// Which port the relay gets: the one it was told, or 8787, or the next that is free. And the addresses under which
// people on the same network would find it.
import type { Server } from "node:http"
import { networkInterfaces } from "node:os"

export const DEFAULT_PORT = 8787
const TRIES = 100

/** The port was asked for and somebody else has it. The message is meant for the operator. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError"
}

/**
 * Listens on `port`; on null, on the first free one from 8787. Resolves with the port it got.
 * Throws PortTakenError; whatever else the system says (no right to the port, no such address) is thrown as it is.
 */
export async function listen(server: Server, port: number | null, host: string | null): Promise<number> {
  if (port !== null) {
    const got = await tryPort(server, port, host)
    if (got === null)
      throw new PortTakenError(
        `Port ${port} is in use by another program. Set PORT to another number, or leave it out.`,
      )
    return got
  }
  for (let candidate = DEFAULT_PORT; candidate < DEFAULT_PORT + TRIES; candidate++) {
    const got = await tryPort(server, candidate, host)
    if (got !== null) return got
  }
  throw new PortTakenError(`All ports from ${DEFAULT_PORT} to ${DEFAULT_PORT + TRIES - 1} are in use.`)
}

/** null: somebody else has it. */
function tryPort(server: Server, port: number, host: string | null): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      server.off("error", failed)
      server.off("listening", listening)
    }
    const failed = (failure: NodeJS.ErrnoException) => {
      settle()
      if (failure.code === "EADDRINUSE") resolve(null)
      else reject(failure)
    }
    const listening = () => {
      settle()
      const address = server.address()
      resolve(typeof address === "object" && address ? address.port : port)
    }
    server.on("error", failed)
    server.on("listening", listening)
    if (host === null) server.listen(port)
    else server.listen(port, host)
  })
}

/** `http://…` addresses of this machine in its own networks, without loopback and link-local ones. */
export function networkAddresses(port: number): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(
      ({ internal, family, address }) => !internal && family === "IPv4" && !address.startsWith("169.254."),
    )
    .map(({ address }) => `http://${address}:${port}/`)
}
