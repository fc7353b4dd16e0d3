// Hooks that watch: the standing without its flicker, whether anything is written, how many words, how
// wide the window is. Each stops watching with the component that asked.
import { type ReadonlySignal, signal } from "@preact/signals"
import { useEffect, useMemo, useState } from "preact/hooks"
import type * as Y from "yjs"
import type { OpenDocument } from "../app/model"
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
export function useStanding(open: OpenDocument, written: ReadonlySignal<boolean>): Standing {
  const calm = useMemo(() => calmed(standingOf(open, written), later), [open, written])
  useEffect(() => calm.stop, [calm])
  useEffect(() => {
    let before = calm.shown.peek().kind
    let saidSafe = before === "safe"
    return calm.shown.subscribe(({ kind, text }) => {
      if (kind === before) return
      if (before === "waiting") announce(words.live.arrived)
      else if (kind === "safe" && !saidSafe) announce(text)
      saidSafe ||= kind === "safe"
      before = kind
    })
  }, [calm])
  return calm.shown.value
}

/** From how many characters on a document is something to lose. */
const WRITTEN_LENGTH = 20

const isWritten = (doc: Y.Doc): boolean => doc.getText("body").length >= WRITTEN_LENGTH

/** True once somebody has written a few words; it never turns back while the document is open. */
export function useWritten(doc: Y.Doc): ReadonlySignal<boolean> {
  const written = useMemo(() => signal(isWritten(doc)), [doc])
  useEffect(() => {
    if (written.peek()) return
    const look = () => {
      if (!isWritten(doc)) return
      written.value = true
      doc.off("update", look)
    }
    doc.on("update", look)
    look()
    return () => doc.off("update", look)
  }, [doc, written])
  return written
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

/** A phone upright or lying, a narrow window. The styles keep the same width (43.99rem). */
const NARROW = "(max-width: 43.99rem), (pointer: coarse) and (max-height: 30rem)"

/** True on phones and in narrow windows, where the other layout applies. */
export function useNarrow(): boolean {
  const query = useMemo(() => matchMedia(NARROW), [])
  const [narrow, setNarrow] = useState(query.matches)
  useEffect(() => {
    const onChange = () => setNarrow(query.matches)
    query.addEventListener("change", onChange)
    return () => query.removeEventListener("change", onChange)
  }, [query])
  return narrow
}
