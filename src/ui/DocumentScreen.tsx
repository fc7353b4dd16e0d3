// The screen of one document: title bar, toolbar, the sheet, the status strip. On a phone the toolbar
// gives way to a bar above the keyboard. It wires the model to the parts and decides nothing itself.
import { useCallback, useEffect, useRef, useState } from "preact/hooks"
import { type App, mayWrite, type OpenDocument } from "../app/model"
import type { Heading } from "../editor/around"
import { COMMANDS, type Command, SCREEN } from "./commands"
import { type Editor, type MountEditor, NO_STATE, type ToolbarState } from "./editing"
import { FormatBar } from "./FormatBar"
import { loadFloating } from "./floating"
import { Icon } from "./Icon"
import { focusToolbar, type ScreenVerbs, useScreenKeys } from "./keys"
import { announce } from "./Live"
import { useLoaded, useSettled } from "./lazy"
import { MoreMenu, type Sheet } from "./MoreMenu"
import { NamePrompt } from "./NamePrompt"
import { useMode } from "./notes/mode"
import { NotesButton } from "./notes/NotesButton"
import { useNotes } from "./notes/view"
import { Outline } from "./Outline"
import { Avatars } from "./People"
import { choosePictures } from "./pictures"
import { Removed } from "./Removed"
import { CopiesChip } from "./StatusPanel"
import { StatusStrip } from "./StatusStrip"
import { Surface } from "./Surface"
import { CellHandle } from "./TableMenu"
import { Title } from "./Title"
import { Toolbar } from "./Toolbar"
import { useWritingTools } from "./useWritingTools"
import { Waiting } from "./Waiting"
import { WritingSheets } from "./WritingSheets"
import { useNarrow, useRoomy, useStanding, useWritten } from "./watching"
import { titleOfCopy, words } from "./words"

interface DocumentScreenProps {
  readonly app: App
  readonly open: OpenDocument
  readonly mountEditor: MountEditor
  readonly now: () => number
}

const loadBeside = () => import("./late-beside")
const loadSheets = () => import("./late-sheets")
const loadFileSheets = () => import("./FileSheets")
const NO_MORE: readonly Command[] = []
const loadCompletion = () => import("./CompletionMenu")
const loadFindBar = () => import("./FindBar")
const loadGrip = () => import("./BlockGrip")
const loadLostWords = () => import("./LostWords")
const loadHistory = () => import("./HistoryScreen")
const loadReading = () => import("./ReadingView")

/** How long an answer stands in the status strip. */
const NOTE_MS = 2_000

export function DocumentScreen({ app, open, mountEditor, now }: DocumentScreenProps) {
  const screen = useRef<HTMLDivElement>(null)
  const [editor, setEditor] = useState<Editor | null>(null)
  const [state, setState] = useState<ToolbarState>(NO_STATE)
  const [writing, setWriting] = useState(false)
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const narrow = useNarrow()
  const written = useWritten(open.doc)
  const standing = useStanding(open, app.traffic.pause, written, now)
  const here = open.content.value === "here"
  const editable = here && mayWrite(open.right)

  const notes = useNotes(open, editor, now)
  const tools = useWritingTools(editor, editable, useRoomy())
  const focusText = useCallback(() => editor?.focus(), [editor])
  const [note, setNote] = useState<string | null>(null)
  const { mode, setMode, toggle } = useMode(app, open, editor, setNote)
  const writable = here && mode !== "reading" && (editable || mode === "suggesting")
  const verbs: ScreenVerbs = {
    ...(writable ? { link: () => setSheet("link"), tableSize: () => setSheet("table") } : {}),
    ...(editable && editor !== null && open.pictures !== null
      ? { picture: () => choosePictures(editor) }
      : {}),
    ...(here
      ? {
          share: () => setSheet("share"),
          history: () => setSheet("history"),
          truth: () => setSheet("truth"),
          ...tools.verbs,
        }
      : {}),
    ...(editable ? { document: () => setSheet("document"), templates: () => setSheet("templates") } : {}),
    print: () => window.print(),
    ...(here && editor !== null
      ? {
          duplicate: () =>
            void app.create({
              title: titleOfCopy(open.title.peek()),
              blocks: editor.view.state.doc.content.content,
            }),
        }
      : {}),
    ...(here && open.notes.mayComment ? { comment: notes.begin } : {}),
    ...(here && toggle ? { suggesting: toggle } : {}),
    "next-comment": () => notes.step(1),
    "previous-comment": () => notes.step(-1),
    palette: () => setSheet("palette"),
    keys: () => setSheet("keys"),
    about: () => setSheet("about"),
    download: () => setSheet("download"),
    toolbar: () => focusToolbar(screen.current),
    save: () => {
      const said = words.editor.saved[open.saved.peek().state]
      announce(said)
      setNote(said)
    },
  }
  useScreenKeys(screen, verbs)

  const latestVerbs = useRef(verbs)
  latestVerbs.current = verbs
  const onCommand = useCallback(
    (run: Command["run"]) => {
      const verb = latestVerbs.current[run[0]]
      if (verb !== undefined) {
        verb()
        return
      }
      editor?.run(...run)
      editor?.focus()
    },
    [editor],
  )
  useEffect(() => {
    if (note === null) return
    const timer = setTimeout(() => setNote(null), NOTE_MS)
    return () => clearTimeout(timer)
  }, [note])

  // A hand on a mouse or a keyboard means to write; on a phone the keyboard would cover what one came to read.
  useEffect(() => {
    if (editor === null || !editable) return
    if (!matchMedia("(pointer: coarse)").matches || !written.peek()) editor.focus()
  }, [editor, editable, written])

  // What floats is at hand before it is asked for, and after the first key.
  useEffect(() => {
    if (editor !== null) void loadFloating()
  }, [editor])

  // A dialog says that it has closed in an event of its own: by then another sheet may be the one that is open.
  const closeSheet = () => setSheet(now => (now === sheet ? null : now))
  const mayNote = editable || (here && open.notes.mayComment)
  const beside = useLoaded(editor !== null, loadBeside)
  const sheets = useLoaded(sheet !== null, loadSheets)
  const fileSheets = useLoaded(sheet === "file", loadFileSheets)
  const history = useLoaded(sheet === "history", loadHistory)
  const copyLink = (heading: Heading) => {
    const id = editor?.around.nameHeading(heading.start) ?? heading.id
    if (id === null) return
    void navigator.clipboard.writeText(`${location.origin}/d/${open.id}#h=${id}`).then(() => {
      announce(words.outline.copied)
      setNote(words.outline.copied)
    })
  }
  const completion = useLoaded(editor !== null, loadCompletion)
  // Where one types at once after asking for it, the part is there before.
  const settled = useSettled(editor !== null)
  const findBar = useLoaded(tools.bar !== null || settled, loadFindBar)
  const grip = useLoaded(settled, loadGrip)
  const lostWords = useLoaded(editor !== null, loadLostWords)
  const reading = useLoaded(tools.reading, loadReading)
  return (
    <div
      ref={screen}
      class={`document${writing ? " writing" : ""}${tools.focusing ? " focusing" : ""}${tools.reading ? " is-read" : ""}`}
    >
      <button type="button" class="skip" onClick={focusText}>
        {words.skipToText}
      </button>
      {notes.threads.length === 0 ? null : (
        <button type="button" class="skip" onClick={() => notes.step(1)}>
          {words.notes.skip}
        </button>
      )}
      <header class="head">
        <div class="title-bar">
          <button
            type="button"
            class="button bare"
            aria-label={words.allDocuments}
            onClick={() => app.go("home")}
          >
            <Icon name={narrow ? "back" : "menu"} />
          </button>
          <Title open={open} editable={editable && mode === "editing"} onEnter={focusText} />
          <CopiesChip app={app} open={open} standing={standing} now={now} />
          <span class="title-end">
            <Avatars open={open} onGoTo={editor?.goTo ?? null} me={app.me.value} facesMax={narrow ? 1 : 4} />
            {here ? <NotesButton view={notes} /> : null}
            {narrow || !here ? null : (
              <button type="button" class="button primary" onClick={() => setSheet("share")}>
                {words.share.open}
              </button>
            )}
            <MoreMenu canShare={narrow && here} verbs={verbs} onSheet={setSheet} />
          </span>
        </div>
        {writable && !narrow ? <Toolbar state={state} onCommand={onCommand} onLeave={focusText} /> : null}
        {open.removed === null ? null : <Removed open={open} onDownload={() => setSheet("download")} />}
        {here && (open.right !== "admin" || open.people.value.length > 0) ? <NamePrompt app={app} /> : null}
      </header>
      {editor !== null && tools.bar !== null && findBar !== null ? (
        <findBar.FindBar
          editor={editor}
          editable={editable}
          replacing={tools.bar === "replace"}
          onClose={tools.closeBar}
        />
      ) : null}
      {editor !== null && editable && lostWords !== null ? <lostWords.LostWords editor={editor} /> : null}
      {beside === null || editor === null ? null : <beside.FollowBar open={open} editor={editor} />}
      {beside === null ? null : <beside.MissedBar open={open} onShow={() => setSheet("history")} />}
      <div class="work">
        {editor !== null && tools.outline ? (
          <Outline
            editor={editor}
            onCopyLink={copyLink}
            onClose={tools.closeOutline}
            onChosen={() => narrow && tools.closeOutline()}
          />
        ) : null}
        {editor !== null && tools.reading && reading !== null ? (
          <reading.ReadingView editor={editor} title={open.title.value} onClose={tools.stopReading} />
        ) : null}
        <main class="canvas" id="main" tabIndex={-1}>
          <div class="sheet">
            {here ? (
              <Surface
                open={open}
                mountEditor={mountEditor}
                onState={setState}
                onEditor={setEditor}
                onWriting={setWriting}
              />
            ) : (
              <Waiting open={open} />
            )}
            {editable && !written.value ? (
              <p class="first-steps">
                <button type="button" class="text-button" onClick={() => setSheet("templates")}>
                  {words.templates.open}
                </button>
              </p>
            ) : null}
            {editable && !written.value && !app.rows.value.some(row => row.id !== open.id) ? (
              <FirstSteps onSheet={setSheet} />
            ) : null}
          </div>
          {here && beside !== null ? <beside.NotesMargin view={notes} editor={editor} now={now} /> : null}
        </main>
        {here && beside !== null ? <beside.NotesPanel view={notes} editor={editor} now={now} /> : null}
      </div>
      {editable && editor !== null && completion !== null ? (
        <completion.CompletionMenu editor={editor} onCommand={onCommand} more={NO_MORE} />
      ) : null}
      {editable && !narrow && editor !== null && grip !== null ? <grip.BlockGrip editor={editor} /> : null}
      {editable && !narrow && editor !== null && state.table !== null ? (
        <CellHandle editor={editor} state={state} onCommand={onCommand} />
      ) : null}
      {(writable || mayNote) && !narrow && beside !== null ? (
        <beside.BubbleMenu state={state} onlyComment={!writable} onCommand={onCommand} />
      ) : null}
      <footer class="foot">
        {writable && narrow && writing ? (
          <FormatBar state={state} onCommand={onCommand} onHideKeyboard={blur} />
        ) : (
          <StatusStrip open={open} editor={editor} note={note} mode={mode} onMode={setMode} />
        )}
      </footer>
      {sheet === "share" && sheets !== null ? (
        <sheets.ShareDialog app={app} open={open} onClose={closeSheet} />
      ) : null}
      {sheet === "file" && fileSheets !== null ? (
        <fileSheets.SaveSheet app={app} id={open.id} onClose={closeSheet} />
      ) : null}
      {sheet === "history" && history !== null && editor !== null ? (
        <history.HistoryScreen
          open={open}
          editor={editor}
          editable={editable && mode === "editing"}
          now={now}
          onClose={closeSheet}
        />
      ) : null}
      {sheet === "truth" && sheets !== null ? (
        <sheets.TruthSheet app={app} open={open} onClose={closeSheet} />
      ) : null}
      {sheet === "join" && sheets !== null ? (
        <sheets.JoinSheet onJoin={link => app.join(link)} onClose={closeSheet} />
      ) : null}
      {sheet === "about" && sheets !== null ? <sheets.AboutSheet onClose={closeSheet} /> : null}
      {sheet === "download" && sheets !== null ? (
        <sheets.DownloadSheet open={open} onClose={closeSheet} />
      ) : null}
      <WritingSheets
        sheet={sheet}
        open={open}
        editor={editor}
        commands={COMMANDS.filter(command =>
          SCREEN.includes(command) ? verbs[command.id] !== undefined : editable,
        )}
        settled={settled}
        onCommand={onCommand}
        onClose={closeSheet}
      />
      {sheet === "link" && sheets !== null ? (
        <sheets.LinkSheet
          address={state.link}
          onSet={href => {
            closeSheet()
            editor?.run("link", { href })
            focusText()
          }}
          onRemove={() => {
            closeSheet()
            editor?.run("link", { href: null })
            focusText()
          }}
          onClose={closeSheet}
        />
      ) : null}
    </div>
  )
}

const blur = () => {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
}

/** Two quiet ways on for somebody who has just arrived; gone with the first words. */
function FirstSteps({ onSheet }: { readonly onSheet: (sheet: Sheet) => void }) {
  return (
    <p class="first-steps">
      <button type="button" class="text-button" onClick={() => onSheet("join")}>
        {words.join}
      </button>
      <button type="button" class="text-button" onClick={() => onSheet("about")}>
        {words.about.heading}
      </button>
    </p>
  )
}
