// The quiet word that a newer Sheaf is ready. It waits for a yes as long as it must: an update never
// takes a page from under somebody's hands.
import type { App } from "../app/model"
import { Icon } from "./Icon"
import { words } from "./words"

export function UpdateChip({ app }: { readonly app: App }) {
  if (!app.updateWaiting.value) return null
  return (
    <div class="update-chip" role="status">
      <Icon name="update" size={16} />
      <span>{words.update.ready}</span>
      <button type="button" class="button small" onClick={() => app.takeUpdate()}>
        {words.update.take}
      </button>
    </div>
  )
}
