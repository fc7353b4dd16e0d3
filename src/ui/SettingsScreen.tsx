// The settings of this device: who one is to others, how Sheaf looks, and whether the browser keeps what is here.
import { useEffect, useState } from "preact/hooks"
import type { App, RoomState } from "../app/model"
import { ColourChoices } from "./ColourChoices"
import { InstallBlock } from "./InstallBlock"
import { KeptCopies } from "./KeptCopies"
import { NameField } from "./NameField"
import { PageBar } from "./PageBar"
import { LimitsBlock } from "./Pausing"
import { bytesOf } from "./phrasing"
import { browserShelf, chooseTheme, THEMES, theme } from "./theme"
import { words } from "./words"
import { chooseLanguage, chosenLanguage, LANGUAGES } from "./words/languages"

interface SettingsScreenProps {
  readonly app: App
  /** As people name it. */
  readonly version: string
}

export function SettingsScreen({ app, version }: SettingsScreenProps) {
  return (
    <div class="home">
      <PageBar app={app} heading={words.settings.heading} />
      <main id="main" class="page" tabIndex={-1}>
        <section aria-labelledby="settings-you">
          <h2 id="settings-you">{words.settings.you}</h2>
          <You app={app} />
        </section>
        <section aria-labelledby="settings-look">
          <h2 id="settings-look">{words.theme.heading}</h2>
          <Look />
        </section>
        <section aria-labelledby="settings-language">
          <h2 id="settings-language">{words.language.heading}</h2>
          <LanguageChoice />
        </section>
        <section aria-labelledby="settings-device">
          <h2 id="settings-device">{words.settings.device}</h2>
          <Device app={app} />
        </section>
        {app.keeping.copies.value.length === 0 ? null : (
          <section aria-labelledby="settings-keeping">
            <h2 id="settings-keeping">{words.keeping.heading}</h2>
            <KeptCopies app={app} now={Date.now()} />
          </section>
        )}
        <section aria-labelledby="settings-traffic">
          <h2 id="settings-traffic">{words.traffic.budget}</h2>
          <LimitsBlock traffic={app.traffic} />
        </section>
        <section aria-labelledby="settings-install">
          <h2 id="settings-install">{words.install.heading}</h2>
          <InstallBlock installing={app.installing} />
        </section>
        <p class="hint page-foot">{words.settings.version(version)}</p>
      </main>
    </div>
  )
}

function You({ app }: { readonly app: App }) {
  const me = app.me.value
  const [name, setName] = useState(me.name)
  const [said, setSaid] = useState("")
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        void app.introduce({ ...app.me.peek(), name: name.trim() }).then(() => setSaid(words.settings.saved))
      }}
    >
      <NameField
        name={name}
        onName={typed => {
          setName(typed)
          setSaid("")
        }}
      />
      <ColourChoices
        name={me.name}
        chosen={me.colour}
        onChoose={colour => void app.introduce({ ...app.me.peek(), colour })}
      />
      <p class="hint">{words.share.askNameWhy}</p>
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={name.trim() === me.name}>
          {words.settings.save}
        </button>
        <span role="status" class="hint">
          {said}
        </span>
      </div>
    </form>
  )
}

function Look() {
  return (
    <fieldset class="field choices">
      <legend class="unseen">{words.theme.heading}</legend>
      {THEMES.map(each => (
        <label key={each} class="choice">
          <input
            type="radio"
            name="theme"
            checked={theme.value === each}
            onChange={() => chooseTheme(each, browserShelf(), document.documentElement)}
          />
          <span>{words.theme[each]}</span>
        </label>
      ))}
    </fieldset>
  )
}

function LanguageChoice() {
  return (
    <div class="form">
      <label class="field">
        <span>{words.language.label}</span>
        <select
          class="input"
          value={chosenLanguage() ?? ""}
          onChange={event => {
            const { value } = event.currentTarget
            chooseLanguage(value === "" ? null : value)
            location.reload()
          }}
        >
          <option value="">{words.language.system}</option>
          {LANGUAGES.map(({ code, name }) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="hint">{words.language.why}</p>
    </div>
  )
}

function Device({ app }: { readonly app: App }) {
  const { room } = app
  useEffect(() => void room.look(), [room])
  const state = room.state.value
  return (
    <div class="form">
      <p>{keptWords(state)}</p>
      {state.usedBytes === null ? null : <p class="hint">{usedWords(state.usedBytes, state.mostBytes)}</p>}
      {state.kept === false ? (
        <div class="actions">
          <button type="button" class="button" onClick={() => void room.keep()}>
            {words.settings.keep}
          </button>
        </div>
      ) : null}
    </div>
  )
}

function keptWords({ kept }: RoomState): string {
  if (kept === null) return words.settings.unknown
  return kept ? words.settings.kept : words.settings.notKept
}

function usedWords(usedBytes: number, mostBytes: number | null): string {
  const used = bytesOf(usedBytes)
  return mostBytes === null ? words.settings.usedOnly(used) : words.settings.used(used, bytesOf(mostBytes))
}
