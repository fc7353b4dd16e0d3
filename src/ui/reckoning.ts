// Hooks that reckon from what is watched: the standing without its flicker, how many words. Each stops with the
// component that asked.
import type { ReadonlySignal } from "@preact/signals"
import { useEffect, useMemo, useState } from "preact/hooks"
import type * as Y from "yjs"
import type { OpenDocument, Pause } from "../app/model"
import type { Editor } from "./editing"
import { announce } from "./Live"
import { wordsByLine } from "./phrasing"
import { calmed, type Standing, standingOf } from "./standing"
import { words } from "./words"

const later = (delayMs: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

/** The calm standing of the document, spoken when it becomes safe, is lost, or arrives. */
export function useStanding(
  open: OpenDocument,
  pause: ReadonlySignal<Pause | null>,
  written: ReadonlySignal<boolean>,
  now: () => number,
): Standing {
  const calm = useMemo(
    () => calmed(standingOf(open, pause, written, now), later),
    [open, pause, written, now],
  )
  useEffect(() => calm.stop, [calm])
  useEffect(() => {
    let before = calm.shown.peek().kind
    let saidSafe = before === "safe"
    return calm.shown.subscribe(({ kind, text }) => {
      if (kind === before) return
      if (kind === "paused") announce(text)
      else if (before === "paused") announce(words.live.resumed)
      else if (before === "waiting") announce(words.live.arrived)
      else if (kind === "safe" && !saidSafe) announce(text)
      saidSafe ||= kind === "safe"
      before = kind
    })
  }, [calm])
  return calm.shown.value
}

const COUNT_DELAY_MS = 700
// A book is counted a little at a time, so that no key waits for it.
const SLICE_MS = 6
const SLICE_PAUSE_MS = 24

/** Words in the text, counted a moment after the last change; null before the first count. */
export function useWordCount(doc: Y.Doc, editor: Editor | null): number | null {
  const [amount, setAmount] = useState<number | null>(null)
  useEffect(() => {
    if (editor === null) return
    const count = () => {
      const lines = wordsByLine(editor.text())
      const slice = () => {
        const until = performance.now() + SLICE_MS
        let last = lines.next()
        while (last.done !== true && performance.now() < until) last = lines.next()
        if (last.done === true) setAmount(last.value)
        else callOff = later(SLICE_PAUSE_MS, slice)
      }
      slice()
    }
    let callOff = later(0, count)
    const onUpdate = () => {
      callOff()
      callOff = later(COUNT_DELAY_MS, count)
    }
    doc.on("update", onUpdate)
    return () => {
      callOff()
      doc.off("update", onUpdate)
    }
  }, [doc, editor])
  return amount
}

const SELECTION_PAUSE_MS = 200
/** A longer selection is not counted: nobody waits for it. */
const SELECTION_LENGTH_MAX = 200_000

/** Words in what is selected, counted when the selection rests; null: nothing is. */
export function useSelectedWords(editor: Editor | null): number | null {
  const [amount, setAmount] = useState<number | null>(null)
  useEffect(() => {
    if (editor === null) return
    const count = () => {
      if (editor.view.isDestroyed) return
      const { empty, from, to } = editor.view.state.selection
      if (empty || to - from > SELECTION_LENGTH_MAX) {
        setAmount(null)
        return
      }
      const lines = wordsByLine(editor.around.selectedText())
      let last = lines.next()
      while (last.done !== true) last = lines.next()
      setAmount(last.value)
    }
    let callOff = later(0, count)
    const stop = editor.around.onChange(() => {
      callOff()
      callOff = later(SELECTION_PAUSE_MS, count)
    })
    return () => {
      callOff()
      stop()
    }
  }, [editor])
  return amount
}
