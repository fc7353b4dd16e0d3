// The words about documents in files. A part of words.ts, which tells how they are to sound.
import type { FiledDocument } from "../../app/model"
import { listed, trimmed } from "../phrasing"
import { count, titleOr } from "./counting"

export const fileWords = {
  save: {
    heading: "Save a sealed copy (.sheaf)",
    what: "Everything in this document, in one file: for a USB stick, a mail, a computer that is on no network.",
    who: "The file is sealed. Whoever has a link to this document opens it in Sheaf and has what is new; nobody else can read it.",
    save: "Save the file",
  },
  take: {
    heading: "Take everything",
    menu: "Take everything…",
    what: (amount: number) => `${count(amount, "document", "documents")} in one file.`,
    forMe: "For another device of mine",
    forMeWhy:
      "The keys go along, sealed to a passphrase. Whoever has the file and the passphrase can read and change all that you can.",
    forOthers: "For people who have the links",
    forOthersWhy: "Sealed copies without keys. Each of them opens with the link to it.",
    passphrase: "Passphrase",
    passphraseWhy:
      "Four or five words that you can remember and nobody would guess. Without them the file cannot be opened by anybody.",
    tooShort: "Take at least 12 letters.",
    sealing: "Sealing…",
  },
  open: {
    menu: "Open a file…",
    drop: "Drop the file to open it",
    reading: "Reading the file…",
    sealed: (name: string) => `“${trimmed(name, 60)}” is sealed to a passphrase`,
    open: "Open",
    wrong: "This passphrase does not open the file.",
    failed: (name: string) => `“${trimmed(name, 60)}” was not opened`,
    noSuchFile:
      "It is neither a .sheaf file nor Markdown, a web page or plain text, or it was damaged on its way. Nothing here was changed.",
    newer: "It was made by a newer Sheaf. Update Sheaf, then open it once more.",
    done: (name: string) => `What “${trimmed(name, 60)}” brought`,
    show: "Show the document",
    brokenOff: "The file breaks off. What came before that is here; ask for the file once more for the rest.",
    summary: (documents: readonly FiledDocument[]) => {
      const fresh = documents.filter(({ as }) => as === "new").length
      const said = fresh === 0 ? "none was new" : fresh === 1 ? "1 was new" : `${fresh} were new`
      return `${count(documents.length, "document", "documents")}, ${said}.`
    },
    fresh: "new on this device",
    nothingNew: "nothing new",
    edits: ({ edits }: FiledDocument) =>
      listed(
        edits.map(
          ({ own, name, count: amount }) => `${count(amount, "edit", "edits")} by ${writer(own, name)}`,
        ),
      ),
    unreadable: (amount: number) =>
      `${count(amount, "document needs its link", "documents need their links")} first: join with the link, then open the file once more.`,
    shut: "the link that is here does not open it",
  },
  titled: (title: string) => `“${trimmed(titleOr(title), 60)}”`,
} as const

function writer(own: boolean, name: string | null): string {
  if (own) return "you, elsewhere"
  return name === null ? "somebody" : trimmed(name, 40)
}
