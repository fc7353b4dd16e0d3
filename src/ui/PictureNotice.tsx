// What became of a picture that could not come in as it was: said once, and gone by itself.
import { useEffect } from "preact/hooks"
import type { PictureNotice as Notice } from "../editor/pictures"
import { Icon } from "./Icon"
import { words } from "./words"

interface PictureNoticeProps {
  readonly notice: Notice
  readonly onOver: () => void
}

const SHOWN_MS = 12_000

export function PictureNotice({ notice, onOver }: PictureNoticeProps) {
  useEffect(() => {
    const timer = setTimeout(onOver, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [notice, onOver])
  return (
    <div class="update-chip" role="status">
      <span>{words.pictures.notices[notice]}</span>
      <button type="button" class="button bare" aria-label={words.close} onClick={onOver}>
        <Icon name="close" size={16} />
      </button>
    </div>
  )
}
