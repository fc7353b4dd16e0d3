// What the places of one run share: time, the network, what was typed, and who watches.
import type { Chance } from "./chance"
import type { Clockwork } from "./clockwork"
import type { Company } from "./company"
import type { Watch } from "./watch"
import type { Wires } from "./wires"
import type { Words } from "./words"

export interface Stage {
  readonly clockwork: Clockwork
  readonly chance: Chance
  readonly wires: Wires
  readonly words: Words
  readonly watch: Watch
  readonly company: Company
}
