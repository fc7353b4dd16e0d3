// "Who could read, change, lose this?": computed from the rights that stand in this document and the places that have
// signed for it, and said in words that people use. What holds for every document is in the help.
import { useEffect } from "preact/hooks"
import { type App, type GivenRight, mayWrite, type OpenDocument } from "../app/model"
import { Modal } from "./Modal"
import { listed, trimmed } from "./phrasing"
import { words } from "./words"

interface TruthSheetProps {
  readonly app: App
  readonly open: OpenDocument
  readonly onClose: () => void
}

const said = words.truth

/** Those who have come by a right: names, and how many have none. */
function namesOf({ people }: GivenRight): readonly string[] {
  const nameless = people.filter(name => name === "").length
  const names = people.filter(name => name !== "").map(name => trimmed(name, 40))
  return [...new Set(names), ...(nameless > 0 ? [said.someone(nameless)] : [])]
}

function holdersOf(given: GivenRight): string {
  const right = words.rights[given.right]
  const names = namesOf(given)
  return names.length === 0 ? said.linkOnly(right) : said.holders(listed(names), right)
}

export function TruthSheet({ app, open, onClose }: TruthSheetProps) {
  const { sharing } = open
  useEffect(() => void sharing.look(), [sharing])
  const given = sharing.given.value.filter(({ right }) => right !== "host") // who keeps it sealed reads nothing
  const relay = open.relay.value
  const writers = given.filter(({ right }) => right !== "host" && mayWrite(right)).flatMap(namesOf)
  const own = mayWrite(open.right) && open.removed === null
  return (
    <Modal heading={said.heading} onClose={onClose}>
      <div class="truth">
        <h3>{said.read}</h3>
        <ul>
          <li>{said.you}</li>
          {given.map(each => (
            <li key={each.key}>{holdersOf(each)}</li>
          ))}
          {given.length === 0 && relay === null ? <li>{said.nobodyElse}</li> : null}
          {relay === null ? null : <li>{said.sealed(relay.name)}</li>}
        </ul>
        {given.length === 0 ? null : <p class="hint">{said.kept}</p>}
        <h3>{said.change}</h3>
        <ul>
          <li>{own ? said.writers(listed([words.people.you, ...writers])) : said.onlyReading}</li>
          <li>{said.others}</li>
        </ul>
        <p class="hint">{said.back}</p>
        <h3>{said.lose}</h3>
        <ul>
          <li>{open.places.value <= 1 ? said.onlyHere : said.places(open.places.value)}</li>
          <li>{said.nobodyDeletes}</li>
          <li>{said.browser}</li>
        </ul>
        <button type="button" class="text-button" onClick={() => app.go("help")}>
          {said.more}
        </button>
      </div>
    </Modal>
  )
}
