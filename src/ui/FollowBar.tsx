// While one's screen goes with somebody's caret: said, so that it surprises nobody, and ended by Escape, by a key of one's
// own, or when they leave.
import { useEffect } from "preact/hooks"
import type { OpenDocument } from "../app/model"
import type { Editor } from "./editing"
import { Icon } from "./Icon"
import { announce } from "./Live"
import { shownName } from "./People"
import { words } from "./words"

/** By then the editor has heard of the carets that the model knows. */
const DRAWN_MS = 60

interface FollowBarProps {
  readonly open: OpenDocument
  readonly editor: Editor
}

export function FollowBar({ open, editor }: FollowBarProps) {
  const key = open.follows.value
  const person = open.people.value.find(each => each.key === key) ?? null
  const isGone = key !== null && person === null
  useEffect(() => {
    if (isGone) open.follows.value = null
  }, [isGone, open])
  useEffect(() => {
    if (key === null) return
    let timer = 0
    const stopFollowing = open.carets.subscribe(() => {
      clearTimeout(timer)
      timer = window.setTimeout(() => editor.goTo(key), DRAWN_MS)
    })
    const stop = (event: KeyboardEvent) => {
      if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return
      open.follows.value = null
      announce(words.people.followedNoMore)
    }
    document.addEventListener("keydown", stop)
    return () => {
      stopFollowing()
      clearTimeout(timer)
      document.removeEventListener("keydown", stop)
    }
  }, [key, open, editor])
  if (person === null) return null
  return (
    <div class="missed" role="status">
      <Icon name="person" size={16} />
      <span class="missed-words">{words.people.following(shownName(person.name))}</span>
      <button
        type="button"
        class="button small"
        onClick={() => {
          open.follows.value = null
        }}
      >
        {words.people.stopFollowing}
      </button>
    </div>
  )
}
