// The colour that others see one by: eight to choose from, each shown as one would look.
import { COLOUR_NAMES, type ColourName } from "../app/model"
import { Avatar } from "./People"
import { words } from "./words"

interface ColourChoicesProps {
  readonly name: string
  readonly chosen: ColourName
  readonly onChoose: (colour: ColourName) => void
}

export function ColourChoices({ name, chosen, onChoose }: ColourChoicesProps) {
  return (
    <fieldset class="field">
      <legend>{words.share.yourColour}</legend>
      <div class="colours">
        {COLOUR_NAMES.map(each => (
          <label key={each} class="colour" title={words.colours[each]}>
            <input
              class="unseen"
              type="radio"
              name="colour"
              value={each}
              aria-label={words.colours[each]}
              checked={each === chosen}
              onChange={() => onChoose(each)}
            />
            <Avatar name={name} colour={each} />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
