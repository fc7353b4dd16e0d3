// The plain sentences of each kind of problem: what happened, what is safe, what to do next. A part of words.ts, which
// tells how they are to sound.
import type { Problem } from "../../app/model"
import { span, trimmed } from "../phrasing"

/** What a problem says: what happened, what is safe, what to do next. */
export interface ProblemWords {
  readonly title: string
  readonly safe: string
  readonly next: string
}

/** The plain sentences of each kind of problem. Foreign words in it are cut and shown as a quotation. */
export function problemWords(problem: Problem): ProblemWords {
  switch (problem.kind) {
    case "link-damaged":
      return {
        title: "This link is incomplete",
        safe: "A part of it went missing on its way. Nothing on this device was changed.",
        next: "Copy the whole link once more, to its very last character, or ask for it again.",
      }
    case "link-from-newer-version":
      return {
        title: "This link was made by a newer Sheaf",
        safe: "Your documents are as they were.",
        next: "Update Sheaf, then open the link once more.",
      }
    case "link-not-recognised":
      return {
        title: "This link does not open the document",
        safe: "The document is there, but the link is not, or is no longer, one of its keys. Nothing was changed.",
        next: "Ask the person who sent it for a new link.",
      }
    case "disk-full":
      return {
        title: "This device has no room left",
        safe: "Your last changes are only in this window. What was saved before is still saved.",
        next: "Download a copy now, then make room on the device. Sheaf tries again by itself.",
      }
    case "no-room-to-write":
      return {
        title: "This device has no room for new words",
        safe: "Everything that was saved is here, and you can read it.",
        next: "Make room on the device, then open the document again to write in it.",
      }
    case "no-indexeddb":
      return {
        title: "This browser does not let Sheaf keep documents",
        safe: "Private windows and some settings forbid it. Writing here would be lost, so Sheaf has not started.",
        next: "Open Sheaf in an ordinary window, or in another browser.",
      }
    case "no-secure-context":
      return {
        title: "This address is not secure",
        safe: `Browsers allow sealing only on secure addresses, and ${trimmed(problem.address, 80)} is not one. Nothing was opened.`,
        next: "Open Sheaf at an address that begins with https://, or on the machine itself as localhost.",
      }
    case "captive-portal":
      return {
        title: "This network wants you to sign in first",
        safe: "Keep writing: everything is saved on this device.",
        next: "Open any web page, sign in to the network, and Sheaf connects by itself.",
      }
    case "clock-wrong":
      return {
        title: `The clock of this device is ${span(Math.abs(problem.offByMs))} ${problem.offByMs > 0 ? "fast" : "slow"}`,
        safe: "Your words are safe. The times shown beside them are wrong for others.",
        next: "Let the device set its date and time by itself.",
      }
    case "garbage-received":
      return {
        title: "Something unreadable arrived and was put aside",
        safe: `It came from “${trimmed(problem.from, 60)}”. Nothing in your documents was changed.`,
        next: "If it happens again, ask them to update Sheaf.",
      }
    case "relay-refused":
      return {
        title: "The relay does not take the newest changes",
        safe: `They are saved on this device. The relay says: “${trimmed(problem.reason, 120)}”`,
        next: "Ask whoever looks after the relay. Other devices can still fetch them from here.",
      }
    case "copy-missing":
      return {
        title: "A relay does not have what it signed for",
        safe: `“${trimmed(problem.from, 60)}” has lost changes, or keeps them back. They are on this device, and it is not counted as a copy any more.`,
        next: "Ask whoever looks after the relay. Share with another device, so that there are enough copies without it.",
      }
    case "file-unreadable":
      return {
        title: `“${trimmed(problem.name, 60)}” was not opened`,
        safe: "It is larger than 10 MB, or not a text. Nothing here was changed.",
        next: "Save it as Markdown, as a web page or as plain text in the program that it comes from, and open that.",
      }
    case "newer-protocol":
      return {
        title: "Update Sheaf to keep working with the others",
        safe: "They use a newer version. What you write is saved here and goes out after the update.",
        next: "Close every window of Sheaf and open it again.",
      }
    case "document-not-here":
      return {
        title: "This document is not on this device",
        safe: "It may be on another device of yours, or this browser has cleared its storage.",
        next: "Open the link to it once more, or open it where you last wrote in it.",
      }
    case "unexpected":
      return {
        title: "Something happened that Sheaf does not know how to handle",
        safe: "What was saved on this device is still saved.",
        next: `Reload the page. If it happens again, pass this on to whoever looks after Sheaf: “${trimmed(problem.what, 200)}”`,
      }
    default:
      return problem satisfies never
  }
}
