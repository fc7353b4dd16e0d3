import { realWorld } from "../../../src/bytes/world"
import { memoryLinks } from "../../../src/links/memory"
import { type Carrier, carrierSuite } from "./suite"

for (const [name, delayMs, documents] of [
  ["memory", 0, 200],
  ["memory, a long way apart", 15, 20],
] as const) {
  const make = async (): Promise<Carrier> => {
    const links = () => memoryLinks({ world: realWorld, delayMs: () => delayMs })
    return {
      host: null,
      join: async (a, b) => {
        const [one, other] = links()
        a.meet(one)
        b.meet(other)
        return () => one.close()
      },
      raw: async to => {
        const [one, other] = links()
        to.meet(other)
        return one
      },
      close: async () => undefined,
    }
  }
  carrierSuite(name, make, { documents })
}
