// A pause: the chip that is above every screen while one lasts, the ways to begin one, and the limits of this device.
// Every pause has an end.
import { useState } from "preact/hooks"
import type { App, Traffic } from "../app/model"
import { Icon } from "./Icon"
import { coming, exactly } from "./phrasing"
import { words } from "./words"

/** Seen on every screen while nothing is sent. */
export function PauseChip({ app, now }: { readonly app: App; readonly now: () => number }) {
  const pause = app.traffic.pause.value
  if (!pause) return null
  return (
    <div class="pause-chip" role="status">
      <Icon name="pause" size={16} />
      <time dateTime={new Date(pause.until).toISOString()} title={exactly(pause.until)}>
        {pause.clockWentBack ? words.traffic.clockWentBack : words.traffic.paused(coming(pause.until, now()))}
      </time>
      <button type="button" class="button small" onClick={() => app.traffic.resume()}>
        {words.traffic.resume}
      </button>
    </div>
  )
}

const MINUTE_MS = 60_000

interface PauseMenuProps {
  readonly traffic: Traffic
  readonly now: number
  readonly onChosen: () => void
}

/** The ways to begin a pause. */
export function PauseMenu({ traffic, now, onChosen }: PauseMenuProps) {
  const [picked, setPicked] = useState("")
  const until = (at: number) => () => {
    traffic.pauseUntil(at)
    onChosen()
  }
  const evening = atHour(now, 0, 18)
  const own = Date.parse(picked)
  return (
    <details class="pause-menu">
      <summary class="button">
        <Icon name="pause" />
        {words.traffic.menu}
      </summary>
      <p class="hint">{words.traffic.what}</p>
      <div class="pause-ways">
        <button type="button" class="button" onClick={until(now + 30 * MINUTE_MS)}>
          {words.traffic.minutes30}
        </button>
        <button type="button" class="button" onClick={until(now + 60 * MINUTE_MS)}>
          {words.traffic.hour}
        </button>
        {evening <= now ? null : (
          <button type="button" class="button" onClick={until(evening)}>
            {words.traffic.evening}
          </button>
        )}
        <button type="button" class="button" onClick={until(atHour(now, 1, 8))}>
          {words.traffic.morning}
        </button>
      </div>
      <form
        class="pause-pick"
        onSubmit={event => {
          event.preventDefault()
          if (own > now) until(own)()
        }}
      >
        <label class="field">
          <span>{words.traffic.pick}</span>
          <input
            class="input"
            type="datetime-local"
            value={picked}
            onInput={event => setPicked(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" aria-disabled={!(own > now)}>
          {words.traffic.start}
        </button>
      </form>
    </details>
  )
}

/** A full hour of a day from today on, wall clock ms. */
function atHour(now: number, daysOn: number, hour: number): number {
  const at = new Date(now)
  at.setDate(at.getDate() + daysOn)
  at.setHours(hour, 0, 0, 0)
  return at.getTime()
}

const HOURS = ["any", "outside-work", "night"] as const
const CAPS_KBS = [null, 20, 50, 200, 1_000] as const

/** What this device may send and fetch, and when: a part of the settings. */
export function LimitsBlock({ traffic }: { readonly traffic: Traffic }) {
  const limits = traffic.limits.value
  return (
    <div class="form">
      <label class="field">
        <span>{words.traffic.hours}</span>
        <select
          class="input"
          value={limits.hours}
          onChange={event => {
            const hours = HOURS.find(each => each === event.currentTarget.value)
            if (hours) traffic.limit({ ...limits, hours })
          }}
        >
          {HOURS.map(hours => (
            <option key={hours} value={hours}>
              {words.traffic.hourNames[hours]}
            </option>
          ))}
        </select>
      </label>
      <p class="hint">{words.traffic.hoursWhy}</p>
      <label class="field">
        <span>{words.traffic.cap}</span>
        <select
          class="input"
          value={String(limits.capKBs)}
          onChange={event => {
            const capKBs = CAPS_KBS.find(each => String(each) === event.currentTarget.value)
            if (capKBs !== undefined) traffic.limit({ ...limits, capKBs })
          }}
        >
          {CAPS_KBS.map(cap => (
            <option key={String(cap)} value={String(cap)}>
              {cap === null ? words.traffic.noCap : words.traffic.kBs(cap)}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
