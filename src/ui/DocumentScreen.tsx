// The screen of one document: the sheet, and the places around it. The text comes first and takes keys at once; what
// stands in the places is the desk's (Desk.tsx), which comes when the text is there and never touches the sheet.
import { useComputed, useSignal } from "@preact/signals"
import { useCallback, useEffect, useRef, useState } from "preact/hooks"
import { type App, mayWrite, type OpenDocument } from "../app/model"
import type { BareEditor, MountBare } from "./editing"
import { useScreenKeys } from "./keys"
import { useLoaded } from "./lazy"
import { usePictures } from "./pictures"
import { Surface } from "./Surface"
import { emptySurroundings, Place } from "./surroundings"
import { useNarrow, useWritten } from "./watching"

interface DocumentScreenProps {
  readonly app: App
  readonly open: OpenDocument
  readonly mountBare: MountBare
  readonly now: () => number
}

const loadDesk = () => import("./Desk")

export function DocumentScreen({ app, open, mountBare, now }: DocumentScreenProps) {
  const screen = useRef<HTMLDivElement>(null)
  const [text, setText] = useState<BareEditor | null>(null)
  const [writing, setWriting] = useState(false)
  const written = useWritten(open.doc)
  const pictures = usePictures(open)
  const narrow = useNarrow()
  const here = open.content.value === "here"
  const editable = here && mayWrite(open.right)
  const around = useSignal(emptySurroundings(open.title.peek(), editable && !narrow))
  const look = useComputed(() => around.value.look)
  const desk = useLoaded(text !== null || !here, loadDesk)
  const onVerbs = useScreenKeys(screen)
  const focusText = useCallback(() => text?.focus(), [text])

  // A hand on a mouse or a keyboard means to write; on a phone the keyboard would cover what one came to read.
  useEffect(() => {
    if (!editable) return
    if (!matchMedia("(pointer: coarse)").matches || !written.peek()) focusText()
  }, [editable, focusText, written])

  return (
    <div ref={screen} class={look}>
      {desk === null ? null : (
        <desk.Desk
          app={app}
          open={open}
          now={now}
          text={text}
          screen={screen}
          writing={writing}
          written={written}
          pictures={pictures}
          onVerbs={onVerbs}
          around={around}
        />
      )}
      <Place of={around} at="head" />
      <div class="work">
        <Place of={around} at="before" />
        <main class="canvas" id="main" tabIndex={-1}>
          <div class="sheet">
            {here ? (
              <Surface
                open={open}
                mountBare={mountBare}
                pictures={pictures.options}
                onText={setText}
                onWriting={setWriting}
              />
            ) : (
              <Place of={around} at="instead" />
            )}
            <Place of={around} at="under" />
          </div>
          <Place of={around} at="margin" />
        </main>
        <Place of={around} at="after" />
      </div>
      <Place of={around} at="foot" />
    </div>
  )
}
