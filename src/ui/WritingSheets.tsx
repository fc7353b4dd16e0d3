// The sheets of the writing tools: each is loaded when it is first asked for, and gone when it is closed.
import type { OpenDocument } from "../app/model"
import type { Command } from "./commands"
import type { Editor } from "./editing"
import { useLoaded } from "./lazy"
import type { Sheet } from "./MoreMenu"

interface WritingSheetsProps {
  /** The one that is open; others than these are the screen's. */
  readonly sheet: Sheet | null
  readonly open: OpenDocument
  readonly editor: Editor | null
  /** What the palette offers. */
  readonly commands: readonly Command[]
  /** There is time to load what one will type into as soon as it is asked for. */
  readonly settled: boolean
  readonly onCommand: (run: Command["run"]) => void
  readonly onClose: () => void
}

const loadKeysSheet = () => import("./KeysSheet")
const loadDocumentSheet = () => import("./DocumentSheet")
const loadTemplates = () => import("./TemplateSheet")
const loadTableSheet = () => import("./TableSheet")
const loadPalette = () => import("./CommandPalette")

export function WritingSheets(props: WritingSheetsProps) {
  const { sheet, open, editor, commands, settled, onCommand, onClose } = props
  const keysSheet = useLoaded(sheet === "keys", loadKeysSheet)
  const documentSheet = useLoaded(sheet === "document", loadDocumentSheet)
  const templates = useLoaded(sheet === "templates", loadTemplates)
  const tableSheet = useLoaded(sheet === "table", loadTableSheet)
  const palette = useLoaded(sheet === "palette" || settled, loadPalette)
  return (
    <>
      {sheet === "keys" && keysSheet !== null ? <keysSheet.KeysSheet onClose={onClose} /> : null}
      {sheet === "table" && tableSheet !== null ? (
        <tableSheet.TableSheet
          onInsert={(rows, columns) => {
            onClose()
            onCommand(["table", { rows, columns }])
          }}
          onClose={onClose}
        />
      ) : null}
      {sheet === "document" && documentSheet !== null ? (
        <documentSheet.DocumentSheet open={open} onClose={onClose} />
      ) : null}
      {sheet === "templates" && templates !== null ? (
        <templates.TemplateSheet
          onChoose={template => {
            onClose()
            if (open.title.peek() === "") open.setTitle(template.title)
            void templates.blocksOfTemplate(template).then(blocks => {
              editor?.around.insert(blocks)
              editor?.focus()
            })
          }}
          onClose={onClose}
        />
      ) : null}
      {sheet === "palette" && palette !== null ? (
        <palette.CommandPalette
          commands={commands}
          onChoose={command => {
            onClose()
            onCommand(command.run)
          }}
          onClose={onClose}
        />
      ) : null}
    </>
  )
}
