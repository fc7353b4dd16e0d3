// How a document is written in at the moment: the session, what brings words to it, and what rolls it up. When the
// epoch changes another takes its place under the open document (protocol §9): a new session rather than a new epoch
// within the old one, so that a chain has one key, one right and one number from its first envelope to its last.
import type { Stop } from "../bytes/world"
import type { Locks } from "../storage/locks"
import type { SessionRecord, SessionRecords } from "../storage/sessions"
import { type Ground, Session } from "./session"
import { lockName } from "./takeover"

/** A session that is being written in, and its lock. */
export interface Writing {
  readonly session: Session
  readonly release: Stop
}

/** Begins a session: its record is durable, and its lock held, before a key is taken. `ground`: what it stands on. */
export async function beginWriting(
  record: SessionRecord,
  ground: Ground,
  { sessions, locks }: { readonly sessions: SessionRecords; readonly locks: Locks },
): Promise<Writing> {
  const release = await locks.take(lockName(record.sessionId))
  if (!release) throw new Error("the lock of a session that has just been made is held by somebody")
  await sessions.change(record.docId, { keep: record })
  return { session: new Session(record, ground), release }
}
