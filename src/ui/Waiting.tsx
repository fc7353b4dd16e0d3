// A document that was joined and has not arrived: who can send it, and that one may come back later.
// A dashed stalk and words; no spinner, for nobody knows how long it takes.
import type { OpenDocument } from "../app/model"
import { Glyph } from "./Glyph"
import { shownName } from "./People"
import { words } from "./words"

export function Waiting({ open }: { readonly open: OpenDocument }) {
  return (
    <div class="waiting">
      <Glyph shape="dashed" size={72} />
      <h2>{words.waiting.heading}</h2>
      <p>{whoCanSend(open)}</p>
      <p class="hint">{words.waiting.leave}</p>
    </div>
  )
}

function whoCanSend(open: OpenDocument): string {
  const people = open.people.value
  if (people.length > 0) return words.waiting.people(people.map(person => shownName(person.name)))
  const relay = open.relay.value
  if (relay === null) return words.waiting.nobody
  return relay.link === "live" ? words.waiting.relayLive : words.waiting.relay(relay.name)
}
