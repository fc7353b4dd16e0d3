// The sheet one writes on: the place where the text is mounted, and the wires between it and the model.
// The text itself belongs to the editor; nothing of Preact ever touches what is inside.
import { useLayoutEffect, useRef } from "preact/hooks"
import { mayWrite, type OpenDocument } from "../app/model"
import type { PictureOptions } from "../editor/pictures"
import type { BareEditor, MountBare } from "./editing"
import { useSettings } from "./watching"
import { firstWords } from "./words/first"

interface SurfaceProps {
  readonly open: OpenDocument
  readonly mountBare: MountBare
  readonly pictures: PictureOptions | undefined
  /** The text, once it stands; null again when it is gone. */
  readonly onText: (text: BareEditor | null) => void
  readonly onWriting: (writing: boolean) => void
}

export function Surface({ open, mountBare, pictures, onText, onWriting }: SurfaceProps) {
  const place = useRef<HTMLDivElement>(null)
  // The text keeps what it was mounted with; nothing in it changes with what is said or asked.
  const options = useRef(pictures)

  useLayoutEffect(() => {
    if (place.current === null) return
    const text = mountBare({
      place: place.current,
      doc: open.doc,
      editable: mayWrite(open.right),
      label: firstWords.editor.label(open.title.peek()),
      strings: firstWords.editor,
      ...(options.current ? { pictures: options.current } : {}),
    })
    onText(text)
    return () => {
      onText(null)
      text.destroy()
    }
    // A document is opened once and its rights with it: another document is another screen (see its key).
  }, [open, mountBare, onText])

  const { language, direction } = useSettings(open.doc)
  return (
    <div
      id="text"
      ref={place}
      class="surface"
      lang={language ?? undefined}
      dir={direction ?? undefined}
      onFocusIn={() => onWriting(true)}
      onFocusOut={() => onWriting(false)}
    />
  )
}
