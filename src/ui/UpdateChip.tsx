// The quiet word that a newer Sheaf is ready, with what it is and what is new in it. It waits for a yes as long as it
// must: an update never takes a page from under somebody's hands. The hash is for those who compare it with others.
import type { App } from "../app/model"
import { Icon } from "./Icon"
import { words } from "./words"

export function UpdateChip({ app }: { readonly app: App }) {
  const release = app.updateWaiting.value
  if (!release) return null
  const { version, hash, notes } = release
  return (
    <div class="update-chip" role="status">
      <Icon name="update" size={16} />
      {version === "" ? (
        <span>{words.update.ready}</span>
      ) : (
        <details class="update-news">
          <summary>{words.update.ready}</summary>
          <ul>
            {notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <p class="hint">{words.update.which(version, hash)}</p>
        </details>
      )}
      <button type="button" class="button small" onClick={() => app.takeUpdate()}>
        {words.update.take}
      </button>
    </div>
  )
}
