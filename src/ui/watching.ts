// Hooks that watch what the first screen needs to know: whether anything is written, the document's settings, how wide
// the window is. Each stops watching with the component that asked.
import { type ReadonlySignal, signal } from "@preact/signals"
import { useEffect, useMemo, useState } from "preact/hooks"
import type * as Y from "yjs"
import { META, readSettings, type Settings } from "../content/document"

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

/** Language and direction of the document, whoever sets them. */
export function useSettings(doc: Y.Doc): Settings {
  const [settings, setSettings] = useState(() => readSettings(doc))
  useEffect(() => {
    const meta = doc.getMap(META)
    const look = () => setSettings(readSettings(doc))
    meta.observe(look)
    look()
    return () => meta.unobserve(look)
  }, [doc])
  return settings
}

/** A phone upright or lying, a narrow window. The styles keep the same width (43.99rem). */
const NARROW = "(max-width: 43.99rem), (pointer: coarse) and (max-height: 30rem)"

/** Room for an outline beside the sheet. */
const ROOMY = "(min-width: 75rem)"

/** True on phones and in narrow windows, where the other layout applies. */
export const useNarrow = (): boolean => useMedia(NARROW)

/** True where something can stand beside the sheet without taking room from it. */
export const useRoomy = (): boolean => useMedia(ROOMY)

function useMedia(media: string): boolean {
  const query = useMemo(() => matchMedia(media), [media])
  const [fits, setFits] = useState(query.matches)
  useEffect(() => {
    const onChange = () => setFits(query.matches)
    query.addEventListener("change", onChange)
    return () => query.removeEventListener("change", onChange)
  }, [query])
  return fits
}
