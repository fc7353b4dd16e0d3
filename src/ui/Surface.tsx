// The sheet one writes on: the place where the editor is mounted, and the wires between it and the model.
// The text itself belongs to the editor; nothing of Preact ever touches what is inside.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { mayWrite, type OpenDocument } from "../app/model"
import { DescribePicture } from "./DescribePicture"
import type { Editor, MountEditor, ToolbarState } from "./editing"
import { PastedNotice } from "./PastedNotice"

import { PictureNotice } from "./PictureNotice"
import { usePictures } from "./pictures"

import { useSettings } from "./watching"

import { words } from "./words"

interface SurfaceProps {
  readonly open: OpenDocument
  readonly mountEditor: MountEditor
  readonly onState: (state: ToolbarState) => void
  /** The editor, once it stands; null again when it is gone. */
  readonly onEditor: (editor: Editor | null) => void
  readonly onWriting: (writing: boolean) => void
}

export function Surface({ open, mountEditor, onState, onEditor, onWriting }: SurfaceProps) {
  const place = useRef<HTMLDivElement>(null)
  const mounted = useRef<Editor | null>(null)
  const carets = open.carets.value
  const pictures = usePictures(open)
  // The editor keeps what it was mounted with; nothing in it changes with what is said or asked.
  const pictureOptions = useRef(pictures.options)
  const [pasted, setPasted] = useState<{ readonly keepPlain: () => void } | null>(null)

  useLayoutEffect(() => {
    if (place.current === null) return
    const editor = mountEditor({
      place: place.current,
      doc: open.doc,
      editable: mayWrite(open.right),
      label: words.editor.label(open.title.peek()),
      strings: { placeholder: words.editor.placeholder, hint: words.editor.hint },
      onCaret: caret => open.caretMoved(caret),
      onState,
      ...(pictureOptions.current ? { pictures: pictureOptions.current } : {}),
      onFormatted: keepPlain => setPasted({ keepPlain }),
    })
    mounted.current = editor
    onEditor(editor)
    return () => {
      mounted.current = null
      onEditor(null)
      editor.destroy()
    }
    // A document is opened once and its rights with it: another document is another screen (see its key).
  }, [open, mountEditor, onState, onEditor])

  useEffect(() => {
    mounted.current?.setCarets(carets.map(caret => ({ ...caret, name: caret.name ?? words.people.you })))
  }, [carets])

  const { language, direction } = useSettings(open.doc)
  const noticeOver = useCallback(() => setPasted(null), [])
  return (
    <>
      <div
        id="text"
        ref={place}
        class="surface"
        lang={language ?? undefined}
        dir={direction ?? undefined}
        onFocusIn={() => onWriting(true)}
        onFocusOut={() => onWriting(false)}
      />
      {pictures.notice === null ? null : (
        <PictureNotice notice={pictures.notice} onOver={pictures.noticeOver} />
      )}
      {pictures.describing === null ? null : (
        <DescribePicture picture={pictures.describing} onClose={pictures.described} />
      )}
      {pasted === null ? null : <PastedNotice onKeepPlain={pasted.keepPlain} onOver={noticeOver} />}
    </>
  )
}
