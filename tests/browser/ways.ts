// Ways between devices that a test shuts: the relay's /sync, so that all must go straight from device to device, and
// what two of them would need to find each other.
import type { BrowserContext } from "@playwright/test"
import type { Lurker } from "./lurker"

/**
 * Shuts /sync for every page of a browser that is opened from now on: the relay is then nothing but a place to find
 * others. Returns how often a page has tried.
 */
export async function cutSync(context: BrowserContext): Promise<() => number> {
  let tries = 0
  await context.routeWebSocket(/\/sync$/, socket => {
    tries++
    void socket.close()
  })
  return () => tries
}

/**
 * Keeps the devices of two browsers from finding each other: what one says on /signal does not reach the other.
 * `lurk` opens what is said there. Returns how many words were kept back.
 */
export async function keepApart(
  one: BrowserContext,
  other: BrowserContext,
  lurk: () => Promise<Lurker>,
): Promise<() => number> {
  const names = [new Set<unknown>(), new Set<unknown>()] as const
  let lurker: Promise<Lurker> | null = null
  let kept = 0
  const from = async (message: string | Buffer): Promise<unknown> => {
    const { type, data } = JSON.parse(message.toString()) as { type: string; data: unknown }
    if (type !== "publish") return null
    lurker ??= lurk()
    const said = await (await lurker).open(data)
    return typeof said === "object" && said !== null && "from" in said ? said.from : null
  }
  for (const [context, own, others] of [
    [one, names[0], names[1]],
    [other, names[1], names[0]],
  ] as const) {
    await context.routeWebSocket(/\/signal$/, socket => {
      const server = socket.connectToServer()
      let turn = Promise.resolve()
      const inTurn = (f: () => Promise<void>) => {
        turn = turn.then(f)
      }
      socket.onMessage(message =>
        inTurn(async () => {
          const name = await from(message)
          if (name !== null) own.add(name)
          server.send(message)
        }),
      )
      server.onMessage(message =>
        inTurn(async () => {
          if (others.has(await from(message))) kept++
          else socket.send(message)
        }),
      )
    })
  }
  return () => kept
}
