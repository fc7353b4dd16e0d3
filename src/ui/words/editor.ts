// The words of the page one writes on.
import { listed } from "../phrasing"
import { count, titleOr } from "./counting"

export const editorWords = {
  editor: {
    label: (title: string) => `Text of ${titleOr(title)}`,
    placeholder: "Start writing. It is saved on this device as you go.",
    hint: "Press Alt and F10 for the toolbar. Press Escape, then Tab, to leave the text.",
    title: "Title",
    toolbar: "Formatting",
    selection: "Format the selection",
    style: "Style",
    words: (amount: number) => count(amount, "word", "words"),
    editing: "You can edit",
    reading: "You can read, not edit",
    commenting: "You can read and comment",
    liveWith: (names: readonly string[]) => `Live with ${listed(names)}`,
    carried: (name: string, how: string) => `${name} (${how})`,
    justYou: "Just you",
    saved: {
      saved: "Saved on this device",
      saving: "Saving on this device",
      failed: "Not saved on this device",
    },
    hideKeyboard: "Hide the keyboard",
  },

  pasted: {
    formatted: "Pasted as formatted text.",
    keepPlain: "Keep as plain text",
  },
} as const
