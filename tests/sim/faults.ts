// Which kinds of trouble a run has: each is switched on or off for the whole run (swarm testing), because troubles hide
// one another. A run without any is also drawn.
import type { Chance } from "./chance"

export interface Faults {
  readonly hosts: number
  /** Devices reach each other only through hosts. */
  readonly onlyHosts: boolean
  readonly breaking: boolean
  readonly parallel: boolean
  readonly altering: boolean
  readonly slowLinks: boolean
  readonly partitions: boolean
  readonly crashes: boolean
  readonly tabs: boolean
  readonly slowDisks: boolean
  readonly fullDisks: boolean
  readonly rollBacks: boolean
  readonly skewed: boolean
  /** A viewer who writes, an editor who breaks rules. */
  readonly hostileViewer: boolean
  readonly hostileEditor: boolean
  /** People take back what they did. */
  readonly undo: boolean
}

export function drawFaults(chance: Chance): Faults {
  const calm = chance.often(0.05)
  const often = (share: number) => chance.often(share) && !calm
  const hosts = chance.below(3)
  return {
    hosts,
    onlyHosts: hosts > 0 && chance.often(0.5),
    breaking: often(0.6),
    parallel: often(0.3),
    altering: often(0.15),
    slowLinks: often(0.4),
    partitions: often(0.5),
    crashes: often(0.6),
    tabs: often(0.5),
    slowDisks: often(0.5),
    fullDisks: often(0.3),
    rollBacks: often(0.1),
    skewed: often(0.2),
    hostileViewer: often(0.2),
    hostileEditor: often(0.15),
    undo: chance.often(0.5),
  }
}
