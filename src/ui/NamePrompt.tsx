// "What should others call you?", asked once, when others are in sight and never before: a line above the
// document for whoever has joined one, with a way to go on without an answer.
import { useState } from "preact/hooks"
import type { App } from "../app/model"
import { words } from "./words"

export function NamePrompt({ app }: { readonly app: App }) {
  const [name, setName] = useState("")
  const [later, setLater] = useState(false)
  if (later || app.me.value.name !== "") return null
  const ready = name.trim() !== ""
  return (
    <form
      class="name-prompt"
      onSubmit={event => {
        event.preventDefault()
        if (ready) void app.introduce({ ...app.me.peek(), name: name.trim() })
      }}
    >
      <label class="name-field">
        <span>{words.share.askName}</span>
        <input
          class="input"
          autocomplete="name"
          maxLength={60}
          value={name}
          onInput={event => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary" aria-disabled={!ready}>
        {words.share.next}
      </button>
      <button type="button" class="button quiet" onClick={() => setLater(true)}>
        {words.notNow}
      </button>
    </form>
  )
}
