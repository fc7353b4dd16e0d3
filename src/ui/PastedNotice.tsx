// "Pasted as formatted text": said for a few seconds, with the way back, which the keyboard reaches right after the text.
import { useEffect } from "preact/hooks"
import { words } from "./words"

interface PastedNoticeProps {
  readonly onKeepPlain: () => void
  readonly onOver: () => void
}

const SHOWN_MS = 8_000

export function PastedNotice({ onKeepPlain, onOver }: PastedNoticeProps) {
  useEffect(() => {
    const timer = setTimeout(onOver, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [onOver])
  return (
    <div class="update-chip" role="status">
      <span>{words.pasted.formatted}</span>
      <button
        type="button"
        class="button small"
        onClick={() => {
          onKeepPlain()
          onOver()
        }}
      >
        {words.pasted.keepPlain}
      </button>
    </div>
  )
}
