// What others call one, to be typed: wherever it is asked, it is asked in the same words.
import { words } from "./words"

interface NameFieldProps {
  readonly name: string
  readonly describedBy?: string
  readonly onName: (name: string) => void
}

export function NameField({ name, describedBy, onName }: NameFieldProps) {
  return (
    <label class="field">
      <span>{words.share.yourName}</span>
      <input
        class="input"
        autocomplete="name"
        maxLength={60}
        value={name}
        aria-describedby={describedBy}
        onInput={event => onName(event.currentTarget.value)}
      />
    </label>
  )
}
