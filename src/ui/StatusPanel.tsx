// The copies chip by the title and the panel behind it, "Where this document lives". It repeats what
// holders have signed for, with the time they did, and never more.
import type { App, OpenDocument, RelayState } from "../app/model"
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
  const relayCounts = relay?.receipt?.everything === true
  const otherDevices = Math.max(0, open.places.value - 1 - (relayCounts ? 1 : 0))
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
        {otherDevices === 0 ? null : (
          <li>
            <Mark full />
            <span class="places-words">
              <span class="places-name">{words.places.others(otherDevices)}</span>
              <span class="hint">{words.places.othersHave(otherDevices)}</span>
            </span>
          </li>
        )}
      </ul>
      {relay === null ? <p class="hint">{words.places.noRelay}</p> : null}
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
        <>
          {words.places.savedAt("")}
          <Moment at={saved.at} now={now} />
        </>
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
          {receipt === null ? (
            words.places.relayNothing
          ) : (
            <time dateTime={new Date(receipt.at).toISOString()} title={exactly(receipt.at)}>
              {receipt.everything
                ? words.places.relayEverything(moment(receipt.at, now))
                : words.places.relayEarlier(moment(receipt.at, now))}
            </time>
          )}
        </span>
        <span class="hint">
          {words.places.relayLink[relay.link]}
          {receipt === null ? "" : ` · ${words.places.relaySealed}`}
        </span>
      </span>
    </li>
  )
}

function Moment({ at, now }: { readonly at: number; readonly now: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
      {moment(at, now)}
    </time>
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
