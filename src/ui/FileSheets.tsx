// The sheets about documents in files: saving one, taking everything along, and what a file has brought. Nothing is
// promised of a file that was saved: whether it ever arrives, only whoever opens it can say.
import { useEffect, useState } from "preact/hooks"
import type { App, FiledDocument, FileOutcome, LocalFile } from "../app/model"
import { Icon } from "./Icon"
import { Modal } from "./Modal"
import { listed } from "./phrasing"
import { problemWords } from "./trouble"
import { words } from "./words"

interface SaveSheetProps {
  readonly app: App
  readonly id: string
  readonly onClose: () => void
}

export function SaveSheet({ app, id, onClose }: SaveSheetProps) {
  return (
    <Modal heading={words.files.save.heading} onClose={onClose}>
      <p>{words.files.save.what}</p>
      <p class="hint">{words.files.save.who}</p>
      <div class="actions">
        <button type="button" class="button primary" onClick={() => void app.files.save(id).finally(onClose)}>
          <Icon name="download" />
          {words.files.save.save}
        </button>
      </div>
    </Modal>
  )
}

/** Few enough to type, and with a stretched key more than anybody will guess through if they are words of one's own. */
const PASSPHRASE_LENGTH_MIN = 12

export function TakeSheet({ app, onClose }: { readonly app: App; readonly onClose: () => void }) {
  const [forMe, setForMe] = useState(true)
  const [passphrase, setPassphrase] = useState("")
  const [refused, setRefused] = useState(false)
  const [going, setGoing] = useState(false)
  const said = words.files.take
  return (
    <Modal heading={said.heading} onClose={onClose}>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          if (going) return
          if (forMe && passphrase.trim().length < PASSPHRASE_LENGTH_MIN) {
            setRefused(true)
            return
          }
          setGoing(true)
          void app.files.takeEverything(forMe ? passphrase : null).finally(onClose)
        }}
      >
        <p>{said.what(app.files.amount.value)}</p>
        <fieldset class="choices">
          <legend class="unseen">{said.heading}</legend>
          <Choice label={said.forMe} why={said.forMeWhy} chosen={forMe} onChoose={() => setForMe(true)} />
          <Choice
            label={said.forOthers}
            why={said.forOthersWhy}
            chosen={!forMe}
            onChoose={() => setForMe(false)}
          />
        </fieldset>
        {forMe ? (
          <PassphraseField
            value={passphrase}
            why={said.passphraseWhy}
            refusal={refused ? said.tooShort : ""}
            onInput={setPassphrase}
          />
        ) : null}
        <div class="actions">
          <button type="submit" class="button primary" aria-disabled={going}>
            <Icon name="download" />
            {going ? said.sealing : words.files.save.save}
          </button>
        </div>
      </form>
    </Modal>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly why: string
  readonly chosen: boolean
  readonly onChoose: () => void
}

function Choice({ label, why, chosen, onChoose }: ChoiceProps) {
  return (
    <label class="choice">
      <input type="radio" name="take" checked={chosen} onChange={onChoose} />
      <span>
        <strong>{label}</strong>
        <span class="hint">{why}</span>
      </span>
    </label>
  )
}

interface PassphraseFieldProps {
  readonly value: string
  readonly why: string
  readonly refusal: string
  readonly onInput: (value: string) => void
}

// It is shown as it is typed: it is used once, on a device in one's hands, and a letter mistyped would lose everything.
function PassphraseField({ value, why, refusal, onInput }: PassphraseFieldProps) {
  return (
    <>
      <label class="field">
        <span>{words.files.take.passphrase}</span>
        <input
          class="input"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={value}
          aria-invalid={refusal !== ""}
          aria-describedby="passphrase-refused"
          onInput={event => onInput(event.currentTarget.value)}
        />
      </label>
      <p id="passphrase-refused" class="refusal" role="alert">
        {refusal}
      </p>
      {why === "" ? null : <p class="hint">{why}</p>}
    </>
  )
}

interface OpenSheetProps {
  readonly app: App
  readonly file: LocalFile
  readonly onClose: () => void
}

/** A file on its way in: asks for a passphrase if it takes one, then tells what it brought. */
export function OpenSheet({ app, file, onClose }: OpenSheetProps) {
  const [outcome, setOutcome] = useState<FileOutcome | null>(null)
  useEffect(() => {
    void app.files.open(file, null).then(setOutcome)
  }, [app, file])
  const said = words.files.open
  switch (outcome?.outcome) {
    case undefined:
      return (
        <Modal heading={said.reading} onClose={onClose}>
          <p class="hint">{file.name}</p>
        </Modal>
      )
    case "needs-passphrase":
    case "wrong-passphrase":
      return (
        <Modal heading={said.sealed(file.name)} onClose={onClose}>
          <PassphraseForm
            wrong={outcome.outcome === "wrong-passphrase"}
            onOpen={async passphrase => setOutcome(await app.files.open(file, passphrase))}
          />
        </Modal>
      )
    case "taken-in":
      return (
        <Modal heading={said.done(file.name)} onClose={onClose}>
          <Brought app={app} documents={outcome.documents} whole={outcome.whole} onClose={onClose} />
        </Modal>
      )
    case "no-such-file":
    case "newer-version":
      return (
        <Modal heading={said.failed(file.name)} onClose={onClose}>
          <p>{outcome.outcome === "no-such-file" ? said.noSuchFile : said.newer}</p>
        </Modal>
      )
    case "storage": {
      const { title, safe, next } = problemWords(outcome.problem)
      return (
        <Modal heading={said.failed(file.name)} onClose={onClose}>
          <p>{title}</p>
          <p class="hint">
            {safe} {next}
          </p>
        </Modal>
      )
    }
    default:
      return outcome satisfies never
  }
}

interface PassphraseFormProps {
  readonly wrong: boolean
  readonly onOpen: (passphrase: string) => Promise<void>
}

function PassphraseForm({ wrong, onOpen }: PassphraseFormProps) {
  const [passphrase, setPassphrase] = useState("")
  const [going, setGoing] = useState(false)
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        if (going || passphrase === "") return
        setGoing(true)
        void onOpen(passphrase).finally(() => setGoing(false))
      }}
    >
      <PassphraseField
        value={passphrase}
        why=""
        refusal={wrong && !going ? words.files.open.wrong : ""}
        onInput={setPassphrase}
      />
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={going}>
          {going ? words.files.open.reading : words.files.open.open}
        </button>
      </div>
    </form>
  )
}

interface BroughtProps {
  readonly app: App
  readonly documents: readonly FiledDocument[]
  readonly whole: boolean
  readonly onClose: () => void
}

function Brought({ app, documents, whole, onClose }: BroughtProps) {
  const said = words.files.open
  const readable = documents.filter(({ as }) => as !== "unreadable")
  const unreadable = documents.length - readable.length
  const fresh = documents.filter(({ as }) => as === "new").length
  const [only] = readable
  return (
    <>
      <div role="status">
        {documents.length === 1 ? null : <p>{said.summary(documents.length, fresh)}</p>}
        <ul class="brought">
          {readable.map(document => (
            <li key={document.id}>
              <strong dir="auto">{words.files.titled(document.title)}</strong>
              <span class="hint">{broughtWords(document)}</span>
            </li>
          ))}
        </ul>
      </div>
      {unreadable === 0 ? null : <p>{said.unreadable(unreadable)}</p>}
      {whole ? null : <p class="refusal">{said.brokenOff}</p>}
      <div class="actions">
        {only !== undefined && readable.length === 1 ? (
          <button
            type="button"
            class="button primary"
            onClick={() => {
              onClose()
              void app.open(only.id)
            }}
          >
            {said.show}
          </button>
        ) : (
          <button type="button" class="button primary" onClick={onClose}>
            {words.close}
          </button>
        )}
      </div>
    </>
  )
}

function broughtWords(document: FiledDocument): string {
  if (document.as === "shut") return words.files.open.shut
  if (document.as === "new") return words.files.open.fresh
  return document.edits.length === 0 ? words.files.open.nothingNew : listed(document.edits.map(editWords))
}

function editWords({ own, name, count }: FiledDocument["edits"][number]): string {
  const said = words.files.open
  if (own) return said.editsOwn(count)
  return name === null ? said.editsNameless(count) : said.edits(count, name)
}
