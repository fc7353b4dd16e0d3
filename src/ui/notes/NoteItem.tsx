// One comment or reply: who, when, the words, what others feel about it, and for who may, editing and deleting.
import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { DocumentNotes } from "../../app/model"
import type { Note } from "../../content/notes"
import { Icon } from "../Icon"
import { Avatar } from "../People"
import { MenuItem, Popover } from "../Popover"
import { exactly, listed, moment } from "../phrasing"
import { words } from "../words"
import { NoteForm } from "./NoteForm"
import { writerColour, writerName } from "./writers"

interface NoteItemProps {
  readonly note: Note
  readonly notes: DocumentNotes
  readonly now: () => number
  /** Resolves the thread that the note begins; null where that cannot be done. */
  readonly onResolve?: (() => void) | null
  /** What the note says besides its words. */
  readonly children?: ComponentChildren
}

const EMOJIS = ["👍", "❤️", "🎉", "😄", "👀", "✅"] as const

export function NoteItem({ note, notes, now, onResolve = null, children }: NoteItemProps) {
  const [editing, setEditing] = useState(false)
  const name = note.by.person === notes.person ? words.notes.you : writerName(note.by)
  return (
    <div class="note-item">
      <div class="note-head">
        <Avatar name={writerName(note.by)} colour={writerColour(note.by)} />
        <span class="note-who">
          <bdi>{name}</bdi>
          <span class="hint">
            <time dateTime={new Date(note.at).toISOString()} title={exactly(note.at)}>
              {moment(note.at, now())}
            </time>
            {note.edited ? ` · ${words.notes.edited}` : ""}
          </span>
        </span>
        {onResolve === null ? null : (
          <button
            type="button"
            class="button bare small"
            aria-label={words.notes.resolve}
            title={words.notes.resolve}
            onClick={onResolve}
          >
            <Icon name="check" size={18} />
          </button>
        )}
        {notes.mayComment && !note.removed ? (
          <NoteMenu note={note} notes={notes} onEdit={() => setEditing(true)} />
        ) : null}
      </div>
      {children}
      {editing ? (
        <NoteForm
          label={words.notes.edit}
          send={words.notes.save}
          start={note.body}
          focus
          onSend={body => {
            setEditing(false)
            notes.edit(note.id, body)
          }}
          onCancel={() => setEditing(false)}
        />
      ) : note.removed ? (
        <p class="hint">{words.notes.removed}</p>
      ) : note.body === "" ? null : (
        <p class="note-body" dir="auto">
          {note.body}
        </p>
      )}
      <Reactions note={note} notes={notes} />
    </div>
  )
}

function NoteMenu({
  note,
  notes,
  onEdit,
}: Pick<NoteItemProps, "note" | "notes"> & { readonly onEdit: () => void }) {
  const mine = notes.mayChange(note.by.person)
  return (
    <Popover
      label={words.notes.more}
      buttonClass="button bare small"
      button={<Icon name="more" size={16} />}
      menu
    >
      {close => {
        const then = (run: () => void) => () => {
          close()
          run()
        }
        return (
          <>
            {EMOJIS.map(emoji => (
              <MenuItem key={emoji} onChoose={then(() => toggle(note, notes, emoji))}>
                <span class="menu-words">{`${emoji} ${words.notes.react}`}</span>
              </MenuItem>
            ))}
            {mine && note.body !== "" ? (
              <MenuItem onChoose={then(onEdit)}>
                <span class="menu-words">{words.notes.edit}</span>
              </MenuItem>
            ) : null}
            {mine ? (
              <MenuItem onChoose={then(() => notes.remove(note.id))}>
                <Icon name="trash" />
                <span class="menu-words">{words.notes.remove}</span>
              </MenuItem>
            ) : null}
          </>
        )
      }}
    </Popover>
  )
}

function Reactions({ note, notes }: Pick<NoteItemProps, "note" | "notes">) {
  if (note.reactions.length === 0) return null
  return (
    <p class="reactions">
      {note.reactions.map(({ emoji, by }) => {
        const names = listed(by.map(writerName))
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            aria-pressed={by.some(({ person }) => person === notes.person)}
            aria-label={`${emoji} ${names}`}
            title={names}
            disabled={!notes.mayComment}
            onClick={() => toggle(note, notes, emoji)}
          >
            {emoji} {by.length}
          </button>
        )
      })}
    </p>
  )
}

function toggle(note: Note, notes: DocumentNotes, emoji: string): void {
  const by = note.reactions.find(each => each.emoji === emoji)?.by ?? []
  notes.react(note.id, emoji, !by.some(({ person }) => person === notes.person))
}
