// How the screen takes part in putting pictures in: the file chooser, what is said, what is asked. The editor does the
// rest.
import { useMemo, useState } from "preact/hooks"
import type { OpenDocument } from "../app/model"
import type { PictureNotice, PictureOptions, PictureToDescribe } from "../editor/pictures"
import type { Editor } from "./editing"
import { firstWords } from "./words/first"

/** What the file chooser offers first. Whatever the browser can draw is taken. */
const ACCEPTED = "image/png,image/jpeg,image/webp,image/gif,image/avif,image/*"

/** Lets a person choose pictures from their files, and puts them in at the caret. */
export function choosePictures(editor: Editor): void {
  const input = document.createElement("input")
  input.type = "file"
  input.accept = ACCEPTED
  input.multiple = true
  input.addEventListener("change", () => {
    editor.focus()
    editor.addPictures([...(input.files ?? [])])
  })
  input.click()
}

const MB = 1_000_000
const { percent, megabytes, ...plain } = firstWords.pictures.inText
const inText: PictureOptions["words"] = {
  ...plain,
  progress: (here, bytes) =>
    bytes < MB
      ? percent(Math.min(99, Math.floor((100 * here) / bytes)))
      : megabytes(Math.floor(here / MB), Math.ceil(bytes / MB)),
}

export interface PicturesView {
  /** For the editor; undefined where a document has none yet. */
  readonly options: PictureOptions | undefined
  readonly notice: PictureNotice | null
  readonly describing: PictureToDescribe | null
  noticeOver(): void
  described(): void
}

export function usePictures({ pictures }: OpenDocument): PicturesView {
  const [notice, setNotice] = useState<PictureNotice | null>(null)
  const [describing, setDescribing] = useState<PictureToDescribe | null>(null)
  return useMemo(
    () => ({
      options: pictures
        ? { pictures, words: inText, onNotice: setNotice, onDescribe: setDescribing }
        : undefined,
      notice,
      describing,
      noticeOver: () => setNotice(null),
      described: () => setDescribing(null),
    }),
    [pictures, notice, describing],
  )
}
