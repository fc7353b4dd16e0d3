// Who is here now: initials on a person's colour, names in a panel. Names are the words of others: cut,
// never styled from. Presence says nothing about safety; that is the chip's.
import type { ColourName, Me, OpenDocument, Person } from "../app/model"
import { Icon } from "./Icon"
import { Popover } from "./Popover"
import { coming, initials, listed, trimmed } from "./phrasing"
import { words } from "./words"

/** A person's name fit to be shown. */
export const shownName = (name: string): string => {
  const shown = trimmed(name, 40)
  return shown === "" ? words.people.nameless : shown
}

/** Which way somebody is heard. */
/** Those who wrote something, as a list. */
export function authors(people: readonly ("own" | { readonly name: string })[]): string {
  const named = people.map(each =>
    each === "own" ? words.people.you : each.name === "" ? words.history.somebody : trimmed(each.name, 40),
  )
  return listed(named)
}

export function carriedWords(by: Person["carriedBy"]): string {
  const { carriedBy } = words.people
  return typeof by === "string" ? carriedBy[by] : carriedBy.person(shownName(by.through))
}

export function Avatar({ name, colour }: { readonly name: string; readonly colour: ColourName }) {
  return (
    <span class={`avatar person-${colour}`} aria-hidden="true">
      {initials(name) ?? <Icon name="person" />}
    </span>
  )
}

interface AvatarsProps {
  readonly open: OpenDocument
  /** Brings somebody's caret into sight; false: it is nowhere in the text now. Null: there is no text on the screen. */
  readonly onGoTo: ((key: string) => boolean) | null
  readonly me: Me
  /** How many faces fit before the rest is a number. */
  readonly facesMax: number
}

/** The faces of those who are here, and the list behind them. Nothing when nobody else is. */
export function Avatars({ open, onGoTo, me, facesMax }: AvatarsProps) {
  const people = open.people.value
  const placed = new Set(open.carets.value.map(({ key }) => key))
  if (people.length === 0) return null
  const faces = people.slice(0, facesMax)
  const rest = people.length - faces.length
  return (
    <Popover
      label={words.people.open(people.length)}
      named
      buttonClass="button bare avatars"
      button={
        <>
          <span class="unseen">{words.people.open(people.length)}</span>
          {faces.map(person => (
            <Avatar key={person.key} name={person.name} colour={person.colour} />
          ))}
          {rest > 0 ? (
            <span class="avatar rest" dir="ltr" aria-hidden="true">
              +{rest}
            </span>
          ) : null}
        </>
      }
    >
      {close => (
        <>
          <h2 class="popover-heading">{words.people.heading}</h2>
          <ul class="people">
            {people.map(person => (
              <li key={person.key}>
                <Avatar name={person.name} colour={person.colour} />
                <span class="people-words">
                  <bdi>{shownName(person.name)}</bdi>
                  <span class="hint">
                    {words.rights[person.right]} ·{" "}
                    {person.pausedUntil === null
                      ? carriedWords(person.carriedBy)
                      : words.people.pausedUntil(coming(person.pausedUntil, Date.now()))}
                    {person.followsMe ? ` · ${words.people.followsYou}` : ""}
                  </span>
                </span>
                {onGoTo !== null && placed.has(person.key) ? (
                  <button
                    type="button"
                    class="button small"
                    aria-label={words.people.goTo(shownName(person.name))}
                    onClick={() => {
                      close()
                      onGoTo(person.key)
                    }}
                  >
                    {words.people.go}
                  </button>
                ) : null}
                {onGoTo !== null && placed.has(person.key) ? (
                  <button
                    type="button"
                    class="button small"
                    aria-label={words.people.followPerson(shownName(person.name))}
                    onClick={() => {
                      close()
                      open.follows.value = person.key
                    }}
                  >
                    {words.people.follow}
                  </button>
                ) : null}
              </li>
            ))}
            <li>
              <Avatar name={me.name} colour={me.colour} />
              <span class="people-words">
                <bdi>{me.name === "" ? words.people.you : words.people.youNamed(me.name)}</bdi>
              </span>
            </li>
          </ul>
          <label class="choice quietly">
            <input
              type="checkbox"
              checked={open.quiet.value}
              onChange={event => {
                open.quiet.value = event.currentTarget.checked
              }}
            />
            <span>
              <strong>{words.people.quietly}</strong>
              <span class="hint">{words.people.quietlyWhy}</span>
            </span>
          </label>
        </>
      )}
    </Popover>
  )
}
