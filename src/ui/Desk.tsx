// All that stands around the sheet of a document: title bar, toolbar, notes, menus, the status strip. On a phone the
// toolbar gives way to a bar above the keyboard. It makes the text whole, wires the model to the parts, puts them into
// the places of the screen and decides nothing itself. It comes after the first key.
import type { ReadonlySignal, Signal } from "@preact/signals"
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { type App, mayWrite, type OpenDocument } from "../app/model"
import type { Heading } from "../editor/around"
import { BubbleMenu } from "./BubbleMenu"
import { CompletionMenu } from "./CompletionMenu"
import { COMMANDS, type Command, SCREEN } from "./commands"
import { DescribePicture } from "./DescribePicture"
import { DocumentSheets } from "./DocumentSheets"
import type { BareEditor } from "./editing"
import { FollowBar } from "./FollowBar"
import { FormatBar } from "./FormatBar"
import { useFurnished } from "./furnishing"
import { Icon } from "./Icon"
import { focusToolbar, type ScreenVerbs } from "./keys"
import { announce } from "./Live"
import { LostWords } from "./LostWords"
import { useLoaded, useSettled } from "./lazy"
import { MissedBar } from "./MissedBar"
import { MoreMenu, type Sheet } from "./MoreMenu"
import { NamePrompt } from "./NamePrompt"
import { useMode } from "./notes/mode"
import { NotesButton } from "./notes/NotesButton"
import { NotesMargin, NotesPanel } from "./notes/NotesPane"
import { useNotes } from "./notes/view"
import { Outline } from "./Outline"
import { PastedNotice } from "./PastedNotice"
import { Avatars } from "./People"
import { PictureNotice } from "./PictureNotice"
import { choosePictures, type PicturesView } from "./pictures"
import { Removed } from "./Removed"
import { useStanding } from "./reckoning"
import { CopiesChip } from "./StatusPanel"
import { StatusStrip } from "./StatusStrip"
import type { Surroundings } from "./surroundings"
import { CellHandle } from "./TableMenu"
import { Title } from "./Title"
import { Toolbar } from "./Toolbar"
import { useWritingTools } from "./useWritingTools"
import { Waiting } from "./Waiting"
import { useNarrow, useRoomy } from "./watching"
import { titleOfCopy, words } from "./words"

interface DeskProps {
  readonly app: App
  readonly open: OpenDocument
  readonly now: () => number
  /** Null as long as there is none to show. */
  readonly text: BareEditor | null
  readonly screen: { readonly current: HTMLElement | null }
  /** Whether the text has the focus. */
  readonly writing: boolean
  readonly written: ReadonlySignal<boolean>
  readonly pictures: PicturesView
  /** Hears what the screen's keys do now. */
  readonly onVerbs: (verbs: ScreenVerbs) => void
  /** Filled anew whenever the desk is drawn. */
  readonly around: Signal<Surroundings>
}

const NO_MORE: readonly Command[] = []
const loadFindBar = () => import("./FindBar")
const loadGrip = () => import("./BlockGrip")
const loadReading = () => import("./ReadingView")

/** How long an answer stands in the status strip. */
const NOTE_MS = 2_000

export function Desk({
  app,
  open,
  now,
  text,
  screen,
  writing,
  written,
  pictures,
  onVerbs,
  around,
}: DeskProps) {
  const { editor, state, pasted, pastedOver } = useFurnished(text, open)
  const [sheet, setSheet] = useState<Sheet | null>(null)
  const narrow = useNarrow()
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
  // Until the text is whole most of them cannot be done, and a key that was pressed waits.
  useLayoutEffect(() => {
    if (editor !== null || !here) onVerbs(verbs)
  })

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

  // A dialog says that it has closed in an event of its own: by then another sheet may be the one that is open.
  const closeSheet = () => setSheet(now => (now === sheet ? null : now))
  const mayNote = editable || (here && open.notes.mayComment)
  const copyLink = (heading: Heading) => {
    const id = editor?.around.nameHeading(heading.start) ?? heading.id
    if (id === null) return
    void navigator.clipboard.writeText(`${location.origin}/d/${open.id}#h=${id}`).then(() => {
      announce(words.outline.copied)
      setNote(words.outline.copied)
    })
  }
  // Where one types at once after asking for it, the part is there before.
  const settled = useSettled(editor !== null)
  const findBar = useLoaded(tools.bar !== null || settled, loadFindBar)
  const grip = useLoaded(settled, loadGrip)
  const reading = useLoaded(tools.reading, loadReading)
  const look = {
    document: true,
    writing,
    focusing: tools.focusing,
    "is-read": tools.reading,
  }
  // Drawn here, so that it is drawn anew when something it reads changes; shown where its places are.
  const filled: Surroundings = {
    look: namesOf(look),
    head: (
      <>
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
              <Avatars
                open={open}
                onGoTo={editor?.goTo ?? null}
                me={app.me.value}
                facesMax={narrow ? 1 : 4}
              />
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
        {editor !== null && editable ? <LostWords editor={editor} /> : null}
        {editor === null ? null : <FollowBar open={open} editor={editor} />}
        <MissedBar open={open} onShow={() => setSheet("history")} />
      </>
    ),
    before: (
      <>
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
      </>
    ),
    instead: <Waiting open={open} />,
    under: (
      <>
        {pictures.notice === null ? null : (
          <PictureNotice notice={pictures.notice} onOver={pictures.noticeOver} />
        )}
        {pictures.describing === null ? null : (
          <DescribePicture picture={pictures.describing} onClose={pictures.described} />
        )}
        {pasted === null ? null : <PastedNotice onKeepPlain={pasted} onOver={pastedOver} />}
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
      </>
    ),
    margin: here ? <NotesMargin view={notes} editor={editor} now={now} /> : null,
    after: here ? <NotesPanel view={notes} editor={editor} now={now} /> : null,
    foot: (
      <>
        {editable && editor !== null ? (
          <CompletionMenu editor={editor} onCommand={onCommand} more={NO_MORE} />
        ) : null}
        {editable && !narrow && editor !== null && grip !== null ? <grip.BlockGrip editor={editor} /> : null}
        {editable && !narrow && editor !== null && state.table !== null ? (
          <CellHandle editor={editor} state={state} onCommand={onCommand} />
        ) : null}
        {(writable || mayNote) && !narrow ? (
          <BubbleMenu state={state} onlyComment={!writable} onCommand={onCommand} />
        ) : null}
        <footer class="foot">
          {writable && narrow && writing ? (
            <FormatBar state={state} onCommand={onCommand} onHideKeyboard={blur} />
          ) : (
            <StatusStrip open={open} editor={editor} note={note} mode={mode} onMode={setMode} />
          )}
        </footer>
        <DocumentSheets
          app={app}
          open={open}
          now={now}
          editor={editor}
          sheet={sheet}
          editing={editable && mode === "editing"}
          address={state.link}
          commands={COMMANDS.filter(command =>
            SCREEN.includes(command) ? verbs[command.id] !== undefined : editable,
          )}
          settled={settled}
          onCommand={onCommand}
          onClose={closeSheet}
        />
      </>
    ),
  }
  useLayoutEffect(() => {
    around.value = filled
  })
  return null
}

const namesOf = (look: Readonly<Record<string, boolean>>): string =>
  Object.keys(look)
    .filter(name => look[name])
    .join(" ")

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
