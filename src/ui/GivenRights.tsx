// What was given in a document, row by row, and the question before one is taken back: what those who have it can keep,
// and what they cannot have. Nothing is promised that cannot be kept.
import { useEffect, useState } from "preact/hooks"
import type { GivenRight, OpenDocument } from "../app/model"
import { Icon } from "./Icon"
import { announce } from "./Live"
import { exactly, listed, trimmed } from "./phrasing"
import { words } from "./words"

const said = words.given

/** Those who have come by a right: the names that are known, and how many are without. */
function whoOf(people: readonly string[]): string {
  const names = [...new Set(people.filter(name => name !== ""))].map(name => trimmed(name, 40))
  const nameless = people.filter(name => name === "").length
  return listed([...names, ...(nameless === 0 ? [] : [said.nameless(nameless)])])
}

function withWho(
  { right, people }: GivenRight,
  alone: (right: string) => string,
  from: (right: string, who: string) => string,
): string {
  return people.length === 0 ? alone(words.rights[right]) : from(words.rights[right], whoOf(people))
}

interface GivenRightsProps {
  readonly open: OpenDocument
  /** One of them is to be taken back: `TakeBack` asks whether it really is. */
  readonly onAsk: (given: GivenRight) => void
}

export function GivenRights({ open, onAsk }: GivenRightsProps) {
  const { sharing } = open
  useEffect(() => void sharing.look(), [sharing])
  const given = sharing.given.value
  if (given.length === 0) return null
  return (
    <section class="given" aria-labelledby="given-heading">
      <h3 id="given-heading">{said.heading}</h3>
      <ul>
        {given.map(each => (
          <li key={each.key} class="given-row">
            <span class="given-words">
              <strong>
                {words.rights[each.right]}
                {each.until === null ? "" : ` ${said.until(exactly(each.until))}`}
              </strong>
              <span class="hint">{each.people.length === 0 ? said.nobodyYet : whoOf(each.people)}</span>
            </span>
            <button
              type="button"
              class="button small"
              aria-label={withWho(each, said.takeBackOf, said.takeBackFrom)}
              onClick={() => onAsk(each)}
            >
              {said.takeBack}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface TakeBackProps {
  readonly open: OpenDocument
  readonly given: GivenRight
  readonly onOver: () => void
}

export function TakeBack({ open, given, onOver }: TakeBackProps) {
  const [going, setGoing] = useState<"not yet" | "going" | "failed">("not yet")
  const right = words.rights[given.right]
  const take = () => {
    setGoing("going")
    open.sharing.takeBack(given.key).then(
      () => {
        announce(said.done(right))
        onOver()
      },
      () => setGoing("failed"),
    )
  }
  return (
    <fieldset class="form take-back">
      <legend>{withWho(given, said.question, said.questionFrom)}</legend>
      <p class="either">
        <Icon name="check" />
        <span>
          {said.can} {said.canWhat}
        </span>
      </p>
      <p class="either">
        <Icon name="close" />
        <span>
          {said.cannot} {said.cannotWhat}
        </span>
      </p>
      <p class="hint">
        {said.link} {said.others} {said.away}
      </p>
      <p class="refusal" role="alert">
        {going === "failed" ? said.failed : ""}
      </p>
      <div class="actions">
        <button
          type="button"
          class="button primary"
          aria-disabled={going === "going"}
          onClick={() => going !== "going" && take()}
        >
          {going === "going" ? said.going : said.yes}
        </button>
        <button type="button" class="button quiet" onClick={onOver}>
          {said.keep}
        </button>
      </div>
    </fieldset>
  )
}
