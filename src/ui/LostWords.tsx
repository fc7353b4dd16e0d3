// Words that somebody wrote into a row or a column of a table while somebody else removed it. Nobody deleted them, so
// they are offered back, quietly and to everybody who may write.
import { useEffect, useState } from "preact/hooks"
import type { Lost } from "../editor/around"
import type { Editor } from "./editing"
import { words } from "./words"

const PAUSE_MS = 500
const SHOWN_MAX = 3

export function LostWords({ editor }: { readonly editor: Editor }) {
  const [lost, setLost] = useState<readonly Lost[]>([])
  useEffect(() => {
    const read = () => {
      if (!editor.view.isDestroyed) setLost(editor.around.lost().slice(0, SHOWN_MAX))
    }
    let timer = window.setTimeout(read, 0)
    const stop = editor.around.onChange(() => {
      clearTimeout(timer)
      timer = window.setTimeout(read, PAUSE_MS)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [editor])
  if (lost.length === 0) return null
  const settle = (each: Lost, back: boolean) => {
    editor.around.settle(each, back)
    editor.focus()
  }
  return (
    <div class="lost-words" role="status">
      {lost.map(each => (
        <p key={`${each.index}/${each.row}/${each.column}`}>
          <span>{words.table.lost(each.text)}</span>
          <button type="button" class="button small" onClick={() => settle(each, true)}>
            {words.table.bringBack}
          </button>
          <button type="button" class="button small" onClick={() => settle(each, false)}>
            {words.table.discard}
          </button>
        </p>
      ))}
    </div>
  )
}
