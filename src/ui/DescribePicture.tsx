// What a picture shows, in words: asked beside it, never in the way. Whoever goes on writing has answered nothing, and
// the picture keeps its button.
import { useEffect, useRef, useState } from "preact/hooks"
import type { PictureToDescribe } from "../editor/pictures"
import { keepBeside } from "./floating"
import { words } from "./words"

interface DescribePictureProps {
  readonly picture: PictureToDescribe
  readonly onClose: () => void
}

const LENGTH_MAX = 1_000

export function DescribePicture({ picture, onClose }: DescribePictureProps) {
  const panel = useRef<HTMLDivElement>(null)
  const [text, setText] = useState(picture.alt ?? "")
  const [decorates, setDecorates] = useState(picture.alt === "")
  const said = words.pictures.describe

  useEffect(() => {
    const element = panel.current
    if (element === null) return
    element.showPopover()
    element.querySelector("textarea")?.focus()
    if (matchMedia("(max-width: 43.99rem)").matches) return
    return keepBeside(
      picture.at,
      element,
      ({ offset, shift }) => ({
        placement: "bottom-start",
        strategy: "fixed",
        // Where there is no room under it, over the picture itself: never over the tools.
        middleware: [offset(8), shift({ padding: 8, crossAxis: true })],
      }),
      ({ x, y }) => {
        element.style.left = `${x}px`
        element.style.top = `${y}px`
      },
    )
  }, [picture])

  return (
    <div
      ref={panel}
      popover="auto"
      class="popover describe"
      role="dialog"
      aria-label={said.heading}
      onToggle={event => event.newState === "closed" && onClose()}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (decorates) picture.say("")
          else if (text.trim() !== "") picture.say(text.trim())
          panel.current?.hidePopover()
        }}
      >
        <label class="field">
          <span>{said.what}</span>
          <textarea
            class="input"
            rows={2}
            maxLength={LENGTH_MAX}
            value={text}
            disabled={decorates}
            aria-describedby="describe-why"
            onInput={event => setText(event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
              event.preventDefault()
              event.currentTarget.form?.requestSubmit()
            }}
          />
        </label>
        <p id="describe-why" class="hint">
          {said.why}
        </p>
        <div class="describe-foot">
          <label class="tick">
            <input
              type="checkbox"
              checked={decorates}
              onChange={event => setDecorates(event.currentTarget.checked)}
            />
            <span>{said.decorative}</span>
          </label>
          <button type="submit" class="button primary">
            {said.done}
          </button>
        </div>
      </form>
    </div>
  )
}
