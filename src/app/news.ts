// What the tabs of one profile tell each other of what is not about any open document: so that the list of documents,
// and what one is called, are the same in every window.
import type { Channel } from "../storage/tabs"

export type News =
  /** The list of documents has changed. */
  | "list"
  /** This person has said who they are. */
  | "me"
  /** A pause, a cap or the hours were changed. */
  | "traffic"

export type NewsChannel = Channel<News>
