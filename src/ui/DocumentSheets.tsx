// The sheets over a document: each is loaded when it is first asked for, and gone when it is closed. Those of the
// writing tools are in WritingSheets.tsx.
import type { App, OpenDocument } from "../app/model"
import type { Command } from "./commands"
import type { Editor } from "./editing"
import { useLoaded } from "./lazy"
import type { Sheet } from "./MoreMenu"
import { WritingSheets } from "./WritingSheets"

interface DocumentSheetsProps {
  readonly app: App
  readonly open: OpenDocument
  readonly now: () => number
  readonly editor: Editor | null
  /** The one that is open. */
  readonly sheet: Sheet | null
  /** Whether typing changes the text. */
  readonly editing: boolean
  /** Of the link at the caret. */
  readonly address: string | null
  /** What the palette offers. */
  readonly commands: readonly Command[]
  /** There is time to load what one will type into as soon as it is asked for. */
  readonly settled: boolean
  readonly onCommand: (run: Command["run"]) => void
  readonly onClose: () => void
}

const loadSheets = () => import("./late-sheets")
const loadFileSheets = () => import("./FileSheets")
const loadHistory = () => import("./HistoryScreen")

export function DocumentSheets(props: DocumentSheetsProps) {
  const { app, open, now, editor, sheet, editing, address, commands, settled, onCommand, onClose } = props
  const sheets = useLoaded(sheet !== null, loadSheets)
  const fileSheets = useLoaded(sheet === "file", loadFileSheets)
  const history = useLoaded(sheet === "history", loadHistory)
  return (
    <>
      {sheet === "share" && sheets !== null ? (
        <sheets.ShareDialog app={app} open={open} onClose={onClose} />
      ) : null}
      {sheet === "file" && fileSheets !== null ? (
        <fileSheets.SaveSheet app={app} id={open.id} onClose={onClose} />
      ) : null}
      {sheet === "history" && history !== null && editor !== null ? (
        <history.HistoryScreen open={open} editor={editor} editable={editing} now={now} onClose={onClose} />
      ) : null}
      {sheet === "truth" && sheets !== null ? (
        <sheets.TruthSheet app={app} open={open} onClose={onClose} />
      ) : null}
      {sheet === "join" && sheets !== null ? (
        <sheets.JoinSheet onJoin={link => app.join(link)} onClose={onClose} />
      ) : null}
      {sheet === "about" && sheets !== null ? <sheets.AboutSheet onClose={onClose} /> : null}
      {sheet === "download" && sheets !== null ? (
        <sheets.DownloadSheet open={open} onClose={onClose} />
      ) : null}
      <WritingSheets
        sheet={sheet}
        open={open}
        editor={editor}
        commands={commands}
        settled={settled}
        onCommand={onCommand}
        onClose={onClose}
      />
      {sheet === "link" && sheets !== null ? (
        <sheets.LinkSheet
          address={address}
          onSet={href => {
            onClose()
            editor?.run("link", { href })
            editor?.focus()
          }}
          onRemove={() => {
            onClose()
            editor?.run("link", { href: null })
            editor?.focus()
          }}
          onClose={onClose}
        />
      ) : null}
    </>
  )
}
