// The small sheets: setting a link, joining with one, what Sheaf is. Each is a form or a page
// of words on the one Modal, and holds nothing longer than it is open.
import { useState } from "preact/hooks"
import { Modal } from "./Modal"
import { words } from "./words"

interface LinkSheetProps {
  /** Of the link at the caret, which can be changed or taken off; null: there is none. */
  readonly address: string | null
  readonly onSet: (href: string) => void
  readonly onRemove: () => void
  readonly onClose: () => void
}

/** A web or mail address made whole ("example.org" gets its https://); null when it is neither. */
export function wholeAddress(text: string): string | null {
  const typed = text.trim()
  if (/^(https?:\/\/|mailto:)\S+$/i.test(typed)) return typed
  if (/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(typed)) return `mailto:${typed}`
  return /^[^\s:/?#.]+(\.[^\s:/?#.]+)+([:/?#]\S*)?$/.test(typed) ? `https://${typed}` : null
}

export function LinkSheet({ address: current, onSet, onRemove, onClose }: LinkSheetProps) {
  const [address, setAddress] = useState(current ?? "")
  const [refused, setRefused] = useState(false)
  return (
    <Modal heading={words.link.heading} onClose={onClose}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          const href = wholeAddress(address)
          if (href === null) setRefused(true)
          else onSet(href)
        }}
      >
        <label class="field">
          <span>{words.link.address}</span>
          <input
            class="input"
            inputmode="url"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={address}
            aria-invalid={refused}
            aria-describedby="link-refused"
            onInput={event => setAddress(event.currentTarget.value)}
          />
        </label>
        <p id="link-refused" class="refusal" role="alert">
          {refused ? words.link.bad : ""}
        </p>
        <div class="actions">
          <button type="submit" class="button primary">
            {words.link.set}
          </button>
          {current !== null ? (
            <button type="button" class="button" onClick={onRemove}>
              {words.link.remove}
            </button>
          ) : null}
        </div>
      </form>
    </Modal>
  )
}

interface JoinSheetProps {
  readonly onJoin: (link: string) => Promise<void>
  readonly onClose: () => void
}

/** Pasting a link by hand: on a phone the only way into the installed app. */
export function JoinSheet({ onJoin, onClose }: JoinSheetProps) {
  const [link, setLink] = useState("")
  const [going, setGoing] = useState(false)
  const ready = link.trim() !== "" && !going
  return (
    <Modal heading={words.join} onClose={onClose}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          if (!ready) return
          setGoing(true)
          // Whatever comes of it shows on the next screen, as the document or as a problem.
          void onJoin(link.trim()).finally(onClose)
        }}
      >
        <label class="field">
          <span>{words.joining.label}</span>
          <textarea
            class="input"
            rows={3}
            placeholder={words.joining.example}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={link}
            onInput={event => setLink(event.currentTarget.value)}
          />
        </label>
        <p class="hint">{words.joining.why}</p>
        <div class="actions">
          <button type="submit" class="button primary" aria-disabled={!ready}>
            {going ? words.joining.going : words.joinShort}
          </button>
        </div>
      </form>
    </Modal>
  )
}

export function AboutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal heading={words.about.heading} onClose={onClose}>
      <div class="prose">
        {words.about.lines.map(line => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </Modal>
  )
}
