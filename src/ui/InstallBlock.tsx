// How to put Sheaf on this device, for the browser at hand.
import type { Installing } from "../app/model"
import { words } from "./words"

export function InstallBlock({ installing }: { readonly installing: Installing }) {
  const way = installing.way.value
  switch (way) {
    case "installed":
      return <p>{words.install.installed}</p>
    case "offered":
      return (
        <div class="form">
          <p>{words.install.why}</p>
          <div class="actions">
            <button type="button" class="button" onClick={() => void installing.install()}>
              {words.install.install}
            </button>
          </div>
        </div>
      )
    case "by-hand":
      return (
        <div class="prose">
          <p>{words.install.why}</p>
          <ol>
            {words.install.byHand.map(step => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p class="hint">{words.install.byHandWhy}</p>
        </div>
      )
    case "none":
      return <p class="hint">{words.install.none}</p>
    default:
      return way satisfies never
  }
}
