// Writers of notes as they are shown: untrusted words, cut, and a colour of ours.
import { COLOUR_NAMES, type ColourName } from "../../app/model"
import type { Writer } from "../../content/notes"
import { trimmed } from "../phrasing"
import { words } from "../words"

export function writerName({ name }: Writer): string {
  const shown = trimmed(name, 40)
  return shown === "" ? words.notes.nameless : shown
}

export function writerColour({ colour }: Writer): ColourName {
  return COLOUR_NAMES.find(each => each === colour) ?? "pine"
}
