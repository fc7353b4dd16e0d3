// What must be so at the end of a run, when everything has healed and come to rest.
import * as Y from "yjs"
import type { SessionId } from "../../src/bytes/ids"
import type { Replica } from "../../src/replica/replica"
import type { Device } from "./device"
import type { Watch } from "./watch"
import type { Words } from "./words"

/** The health of a replica with which nothing is wrong, key by key. */
const HEALTHY = {
  poison: [],
  waiting: 0,
  unread: 0,
  strays: 0,
  stuck: null,
  aside: [],
  forks: [],
  fault: null,
}

/** Everybody has the same document, shows it, is well, and has every word that is owed. `poison`: some is expected. */
export function judge(devices: readonly Device[], words: Words, watch: Watch, poison: boolean): void {
  const tabs = devices.flatMap(device => [...device.tabs])
  const [first] = tabs
  for (const { replica, person, life } of tabs) {
    if (!replica || !person || !first?.replica) throw new Error(`${life.name} is not open`)
    const { health } = replica
    for (const [name, well] of Object.entries(HEALTHY)) {
      if (name === "poison" && poison) continue
      const is = JSON.stringify(health[name as keyof typeof HEALTHY])
      if (is !== JSON.stringify(well)) watch.wrong(`${life.name} is not well: ${name} is ${is}`)
    }
    if (poisonOf(replica) !== poisonOf(first.replica))
      watch.wrong(`${life.name} and ${first.life.name} judge otherwise: ${poisonOf(replica)}`)
    const difference = person.difference()
    if (difference) watch.wrong(`${life.name} does not show its document\n${difference}`)
    const unlike = differenceOf(first.replica.doc, replica.doc)
    if (unlike) watch.wrong(`${life.name} and ${first.life.name} differ: ${unlike}`)
    for (const wrong of words.wrongWith(person.text)) watch.wrong(`${life.name}: ${wrong}`)
  }
}

/**
 * A session that was split by putting a device back to an older state stays so: branches are not read together yet.
 * What is asked for is that it is seen, and that nobody loses what they typed themselves and saw saved.
 */
export function judgeSplit(
  devices: readonly Device[],
  words: Words,
  watch: Watch,
  split: readonly SessionId[],
): void {
  const seen = new Set<string>()
  for (const device of devices)
    for (const { replica, person, life } of device.tabs) {
      if (!replica || !person) continue
      const { forks, fault, aside } = replica.health
      for (const sessionId of forks) seen.add(sessionId)
      if (fault && !device.disk.wasFull) watch.wrong(`${life.name} is not well: ${fault}`)
      const text = person.text + aside.map(each => each.text).join("")
      for (const wrong of words.wrongWith(text, device.name)) watch.wrong(`${life.name}: ${wrong}`)
    }
  for (const sessionId of split)
    if (!seen.has(sessionId)) watch.wrong(`nobody has noticed that ${sessionId} is split`)
}

function poisonOf({ health }: Replica): string {
  return JSON.stringify(health.poison.map(({ sessionId, seq }) => `${sessionId}/${seq}`).sort())
}

/** Null when two documents are the same to Yjs and to a reader. */
function differenceOf(one: Y.Doc, other: Y.Doc): string | null {
  const vectors = [one, other].map(doc =>
    JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b)),
  )
  if (vectors[0] !== vectors[1]) return `${vectors[0]} and ${vectors[1]}`
  const texts = [one, other].map(doc =>
    JSON.stringify([doc.getText("title").toString(), doc.getText("body").toDelta()], inOrder),
  )
  return texts[0] === texts[1] ? null : `${texts[0]}\n${texts[1]}`
}

// The keys of a map in the order of the alphabet: how they are laid in memory is nobody's business.
function inOrder(_key: string, value: unknown): unknown {
  if (value instanceof Y.AbstractType) return value.toJSON()
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
