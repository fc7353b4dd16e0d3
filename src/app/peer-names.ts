// How a link to a device is told from one to a relay, by whoever hears of both.

/** The name of a link to a device begins so, where those of relays are origins. */
export const PEER = "peer "

/** Whether something was heard straight from a device. `where`: as `Carried` is told. */
export function isPeer(where: string): boolean {
  return where.startsWith(PEER)
}
