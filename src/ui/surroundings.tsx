// What stands around the sheet of a document, by its place on the screen. The places are there with the sheet; what is in
// them is the desk's, which comes after the first key, and until then they keep its room.
import type { ReadonlySignal } from "@preact/signals"
import type { ComponentChildren } from "preact"

export interface Surroundings {
  /** Of the whole screen: names of classes. */
  readonly look: string
  /** Over everything: the way to the text, the title, the tools. */
  readonly head: ComponentChildren
  /** Before the sheet, beside it. */
  readonly before: ComponentChildren
  /** On the sheet, as long as there is no text to show. */
  readonly instead: ComponentChildren
  /** On the sheet, under the text. */
  readonly under: ComponentChildren
  /** Beside the text, scrolling with it. */
  readonly margin: ComponentChildren
  /** After the sheet, beside it. */
  readonly after: ComponentChildren
  /** Under everything, and what floats over it. */
  readonly foot: ComponentChildren
}

/** @param tools whether there will be a toolbar */
export function emptySurroundings(title: string, tools: boolean): Surroundings {
  return {
    look: "document",
    head: (
      <header class="head">
        <div class="title-bar">
          <h1 class="title" dir="auto">
            {title}
          </h1>
        </div>
        {tools ? <div class="toolbar" /> : null}
      </header>
    ),
    before: null,
    instead: null,
    under: null,
    margin: null,
    after: null,
    foot: (
      <footer class="foot">
        <div class="status-strip" />
      </footer>
    ),
  }
}

interface PlaceProps {
  readonly of: ReadonlySignal<Surroundings>
  readonly at: Exclude<keyof Surroundings, "look">
}

/** One place; drawn anew when what is in it changes, and the sheet is not. */
export function Place({ of, at }: PlaceProps) {
  return <>{of.value[at]}</>
}
