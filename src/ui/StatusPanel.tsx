// The copies chip by the title and the panel behind it, "Where this document lives". It repeats what
// holders have signed for, with the time they did, and never more.
import type { App, HoldingPlace, OpenDocument, RelayState } from "../app/model"
import { Glyph } from "./Glyph"
import { Icon } from "./Icon"
import { PauseMenu } from "./Pausing"
import { Popover } from "./Popover"
import { exactly, moment } from "./phrasing"
import type { Standing } from "./standing"
import { words } from "./words"

interface CopiesChipProps {
  readonly app: App
  readonly open: OpenDocument
  readonly standing: Standing
  readonly now: () => number
}

export function CopiesChip({ app, open, standing, now }: CopiesChipProps) {
  return (
    <Popover
      label={words.standing.opens}
      named
      placement="bottom-start"
      buttonClass={`chip tone-${standing.tone}`}
      button={
        <>
          <Glyph shape={standing.shape} tone={standing.tone} />
          <span class="long">{standing.text}</span>
          <span class="short">{standing.short}</span>
        </>
      }
    >
      {close => <StatusPanel app={app} open={open} standing={standing} now={now()} onClose={close} />}
    </Popover>
  )
}

interface StatusPanelProps {
  readonly app: App
  readonly onClose: () => void
  readonly open: OpenDocument
  readonly standing: Standing
  readonly now: number
}

export function StatusPanel({ app, open, standing, now, onClose }: StatusPanelProps) {
  const relay = open.relay.value
  const others = open.holders.value.filter(({ kind, name }) => kind !== "host" || name !== relay?.name)
  return (
    <>
      <h2 class="popover-heading">{words.standing.opens}</h2>
      <p class="places-standing">
        <Glyph shape={standing.shape} tone={standing.tone} size={40} />
        <span>
          <strong>{standing.text}</strong>
          <span class="hint">{standing.why}</span>
        </span>
      </p>
      <ul class="places">
        <li>
          <Mark full={open.saved.value.state === "saved"} />
          <span class="places-words">
            <span class="places-name">{words.places.here}</span>
            <span class="hint">
              <SavedWords open={open} now={now} />
            </span>
          </span>
        </li>
        {relay === null ? null : <RelayPlace relay={relay} now={now} />}
        {others.map(place => (
          <OtherPlace key={place.key} place={place} now={now} onForget={() => open.forget(place.key)} />
        ))}
      </ul>
      {relay === null ? <p class="hint">{words.places.noRelay}</p> : null}
      <TargetChoice app={app} open={open} />
      {app.traffic.pause.value === null ? (
        <PauseMenu traffic={app.traffic} now={now} onChosen={onClose} />
      ) : null}
      <div class="popover-actions">
        <button type="button" class="button" onClick={() => void open.download("html")}>
          <Icon name="download" />
          {words.places.download}
        </button>
      </div>
    </>
  )
}

function SavedWords({ open, now }: { readonly open: OpenDocument; readonly now: number }) {
  const saved = open.saved.value
  switch (saved.state) {
    case "saved":
      return (
        <time dateTime={new Date(saved.at).toISOString()} title={exactly(saved.at)}>
          {words.places.savedAt(moment(saved.at, now))}
        </time>
      )
    case "saving":
      return <>{words.places.saving}</>
    case "failed":
      return <>{words.places.notSaved}</>
    default:
      return saved satisfies never
  }
}

function RelayPlace({ relay, now }: { readonly relay: RelayState; readonly now: number }) {
  const { receipt } = relay
  return (
    <li>
      <Mark full={receipt?.everything === true} />
      <span class="places-words">
        <span class="places-name">{words.places.relay(relay.name)}</span>
        <span class="hint">
          {receipt === null ? words.places.relayNothing : <Signed {...receipt} now={now} />}
        </span>
        <span class="hint">
          {words.places.relayLink[relay.link]}
          {receipt === null ? "" : ` · ${words.places.sealed}`}
        </span>
      </span>
    </li>
  )
}

const WEEK_MS = 7 * 24 * 60 * 60_000
/** A place that was silent for so long may be a drawer. */
const LONG_WEEKS = 4

interface OtherPlaceProps {
  readonly place: HoldingPlace
  readonly now: number
  readonly onForget: () => void
}

function OtherPlace({ place, now, onForget }: OtherPlaceProps) {
  const { kind, name, own, at, everything } = place
  const weeks = Math.floor((now - at) / WEEK_MS)
  const { own: ours, named, nameless } = words.places
  const shown = own && kind !== "host" ? ours[kind] : name === "" ? nameless[kind] : named[kind](name)
  return (
    <li>
      <Mark full={everything} />
      <span class="places-words">
        <span class="places-name">{shown}</span>
        <span class="hint">
          <Signed at={at} everything={everything} now={now} />
        </span>
        {kind === "host" ? <span class="hint">{words.places.sealed}</span> : null}
        {weeks < 1 ? null : (
          <span class={weeks < LONG_WEEKS ? "hint" : "hint tone-wait"}>
            {words.places.unseen(weeks)}
            {weeks < LONG_WEEKS ? null : (
              <>
                {" · "}
                {words.places.stillInUse}{" "}
                <button
                  type="button"
                  class="text-button"
                  aria-label={words.places.forgetPlace(shown)}
                  onClick={onForget}
                >
                  {words.places.forget}
                </button>
              </>
            )}
          </span>
        )}
      </span>
    </li>
  )
}

function Signed({ at, everything, now }: Pick<HoldingPlace, "at" | "everything"> & { readonly now: number }) {
  const when = moment(at, now)
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {everything ? words.places.everything(when) : words.places.earlier(when)}
    </time>
  )
}

const TARGETS = [1, 2, 3, 4, 6] as const

function TargetChoice({ app, open }: { readonly app: App; readonly open: OpenDocument }) {
  const target = open.target.value
  const enough = open.places.value > target
  return (
    <label class="places-target">
      <span>{words.places.target}</span>
      <select
        class="input"
        value={target}
        onChange={event => void app.arranging.want([open.id], Number(event.currentTarget.value))}
      >
        {TARGETS.map(amount => (
          <option key={amount} value={amount}>
            {words.places.targetOf(amount)}
          </option>
        ))}
      </select>
      <Mark full={enough} />
    </label>
  )
}

/** A full tick or an empty ring; the words beside it say the same. */
function Mark({ full }: { readonly full: boolean }) {
  return (
    <span class={full ? "place-mark full" : "place-mark"} aria-hidden="true">
      {full ? <Icon name="check" size={14} /> : null}
    </span>
  )
}
