// Sharing: the first time it asks for a name; then what the link allows; then the link itself, to copy or
// send. It says plainly that the link is the key, and what withdrawing can and cannot do.
import { useRef, useState } from "preact/hooks"
import {
  type App,
  type ColourName,
  type GivenRight,
  LINK_RIGHTS,
  type LinkRight,
  type OpenDocument,
} from "../app/model"
import { ColourChoices } from "./ColourChoices"
import { GivenRights, TakeBack } from "./GivenRights"
import { Icon } from "./Icon"
import { announce } from "./Live"
import { Modal } from "./Modal"
import { NameField } from "./NameField"
import { words } from "./words"

interface ShareDialogProps {
  readonly app: App
  readonly open: OpenDocument
  readonly onClose: () => void
}

export function ShareDialog({ app, open, onClose }: ShareDialogProps) {
  return (
    <Modal heading={words.share.heading(open.title.value)} onClose={onClose}>
      <ShareSteps app={app} open={open} />
    </Modal>
  )
}

function ShareSteps({ app, open }: Omit<ShareDialogProps, "onClose">) {
  const [asked, setAsked] = useState<GivenRight | null>(null)
  if (open.right !== "admin") return <p>{words.share.notYours}</p>
  if (app.me.value.name === "") return <Introduction app={app} />
  if (asked !== null) return <TakeBack open={open} given={asked} onOver={() => setAsked(null)} />
  return (
    <>
      <LinkMaker open={open} />
      <GivenRights open={open} onAsk={setAsked} />
    </>
  )
}

/** "What should others call you?", asked once, when the first other person is in sight. */
function Introduction({ app }: { readonly app: App }) {
  const [name, setName] = useState("")
  const [colour, setColour] = useState<ColourName>(app.me.value.colour)
  const ready = name.trim() !== ""
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        if (ready) void app.introduce({ name: name.trim(), colour })
      }}
    >
      <p class="lead">{words.share.askName}</p>
      <NameField name={name} describedBy="name-why" onName={setName} />
      <p id="name-why" class="hint">
        {words.share.askNameWhy}
      </p>
      <ColourChoices name={name} chosen={colour} onChoose={setColour} />
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={!ready}>
          {words.share.next}
        </button>
      </div>
    </form>
  )
}

type Making =
  | { readonly step: "choose"; readonly failed: boolean }
  | { readonly step: "making" }
  | { readonly step: "made"; readonly link: string }

const VALID = ["always", "day", "week", "month"] as const
type Valid = (typeof VALID)[number]
const DAYS: Readonly<Record<Valid, number | null>> = { always: null, day: 1, week: 7, month: 30 }
const DAY_MS = 24 * 60 * 60_000

function LinkMaker({ open }: { readonly open: OpenDocument }) {
  const [right, setRight] = useState<LinkRight>("edit")
  const [until, setUntil] = useState<Valid>("always")
  const [making, setMaking] = useState<Making>({ step: "choose", failed: false })

  const make = () => {
    setMaking({ step: "making" })
    const days = DAYS[until]
    open.sharing.link(right, days === null ? null : Date.now() + days * DAY_MS).then(
      link => setMaking({ step: "made", link }),
      // Whatever hindered it, nothing was changed, and the person is told so.
      () => setMaking({ step: "choose", failed: true }),
    )
  }

  if (making.step === "made") {
    return (
      <MadeLink
        link={making.link}
        right={right}
        title={open.title.peek()}
        onAnother={() => setMaking({ step: "choose", failed: false })}
      />
    )
  }
  const busy = making.step === "making"
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        if (!busy) make()
      }}
    >
      <fieldset class="field">
        <legend>{words.share.who}</legend>
        {LINK_RIGHTS.map(each => (
          <RightChoice
            key={each}
            right={each}
            why={words.share.why[each]}
            chosen={right}
            onChoose={setRight}
          />
        ))}
      </fieldset>
      <label class="field">
        <span>{words.share.valid.label}</span>
        <select class="input" value={until} onChange={event => setUntil(event.currentTarget.value as Valid)}>
          {VALID.map(each => (
            <option key={each} value={each}>
              {words.share.valid[each]}
            </option>
          ))}
        </select>
      </label>
      <p class="refusal" role="alert">
        {making.step === "choose" && making.failed ? words.share.failed : ""}
      </p>
      <div class="actions">
        <button type="submit" class="button primary" aria-disabled={busy}>
          <Icon name="link" />
          {busy ? words.share.making : words.share.make}
        </button>
        <span class="hint">{words.share.offline}</span>
      </div>
    </form>
  )
}

interface RightChoiceProps {
  readonly right: LinkRight
  readonly why: string
  readonly chosen: LinkRight
  readonly onChoose: (right: LinkRight) => void
}

function RightChoice({ right, why, chosen, onChoose }: RightChoiceProps) {
  return (
    <label class="choice">
      <input type="radio" name="right" checked={right === chosen} onChange={() => onChoose(right)} />
      <span>
        <strong>{words.rights[right]}</strong>
        <span class="hint">{why}</span>
      </span>
    </label>
  )
}

interface MadeLinkProps {
  readonly link: string
  readonly right: LinkRight
  readonly title: string
  readonly onAnother: () => void
}

function MadeLink({ link, right, title, onAnother }: MadeLinkProps) {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<"not yet" | "copied" | "refused">("not yet")

  const copy = () => {
    // Without a secure context there is no clipboard; with one, a browser may still say no.
    const written = navigator.clipboard?.writeText(link) ?? Promise.reject(new Error("no clipboard here"))
    written.then(
      () => {
        setCopied("copied")
        announce(words.live.copied)
      },
      () => {
        setCopied("refused")
        field.current?.select()
      },
    )
  }

  const canSend = typeof navigator.share === "function"
  return (
    <div class="form">
      <label class="field">
        <span>
          {words.share.who} {words.rights[right]}
        </span>
        <input
          ref={field}
          class="input link-field"
          readOnly
          dir="ltr"
          value={link}
          onFocus={event => event.currentTarget.select()}
        />
      </label>
      <div class="actions">
        <button type="button" class="button primary" onClick={copy}>
          <Icon name={copied === "copied" ? "check" : "copy"} />
          {copied === "copied" ? words.share.copied : words.share.copy}
        </button>
        {canSend ? (
          <button
            type="button"
            class="button"
            onClick={() => {
              // A person who closes the system's sheet has not failed at anything.
              navigator.share({ title, url: link }).catch(() => undefined)
            }}
          >
            <Icon name="send" />
            {words.share.send}
          </button>
        ) : null}
        <button type="button" class="button quiet" onClick={onAnother}>
          {words.share.another}
        </button>
      </div>
      <p class="refusal" role="alert">
        {copied === "refused" ? words.share.copyByHand : ""}
      </p>
      <p class="note">{words.share.warning[right]}</p>
      <p class="hint">{words.share.withdraw}</p>
    </div>
  )
}
