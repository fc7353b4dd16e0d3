// The list of documents, what can be done with it, and the search.
import { trimmed } from "../phrasing"
import { count, number, titleOr } from "./counting"

export const homeWords = {
  home: {
    empty: "Nothing here yet",
    emptyWhy: "Documents you write or join are kept on this device. No account is needed.",
    views: "Views",
    pinned: "Pinned",
    shared: "Shared",
    folders: "Folders",
    trash: "Trash",
    onlyHere: "Only on this device",
    allSafe: (amount: number) => `${count(amount, "document is", "documents are")} in enough other places.`,
    flood: (safe: number, all: number) =>
      `If this device were lost: ${number.format(safe)} of ${count(all, "document", "documents")} would survive.`,
    showThe: (amount: number) => `Show the ${number.format(amount)}`,
    edited: (when: string) => `Edited ${when}`,
    noWords: "No words here yet",
    nothingPinned: "Nothing is pinned. Pin what you open often, and it stays at the top.",
    nothingShared: "Nothing is shared yet. Open a document and press Share.",
    nothingInTrash: "The trash is empty.",
    trashWhy:
      "What is here is removed from this device after 30 days. Others who have a document keep theirs.",
    daysLeft: (days: number) => (days <= 0 ? "goes today" : `${count(days, "day", "days")} left`),
    order: "Order",
    byEdited: "Last edited first",
    byTitle: "By title",
    select: "Select",
    selectOne: (title: string) => `Select ${titleOr(title)}`,
    selected: (amount: number) => `${number.format(amount)} selected`,
    done: "Done",
    more: (title: string) => `More about ${titleOr(title)}`,
    pin: "Pin to the top",
    unpin: "Unpin",
    move: "Move to a folder…",
    toTrash: "Put into the trash",
    restore: "Restore",
    remove: "Remove now",
    showMore: "Show more",
  },

  folder: {
    heading: "Move to a folder",
    name: "Folder",
    why: "Type a new name to make a folder. Only you see your folders.",
    move: "Move",
    none: "In no folder",
  },

  removing: {
    heading: (amount: number) => `Remove ${count(amount, "document", "documents")} from this device?`,
    elsewhere: "Other places have a copy. Open its link once more to get it back.",
    nowhere: (amount: number) =>
      `No other place is known to have ${amount === 1 ? "it" : `${number.format(amount)} of them`}. Removed here, they are gone.`,
    remove: "Remove",
    keep: "Keep",
  },

  search: {
    heading: "Search",
    field: "Search all documents",
    example: "Words, or the beginning of one",
    none: (query: string) => `No document here contains “${trimmed(query, 60)}”.`,
    found: (amount: number) => count(amount, "document", "documents"),
    first: (shown: number, all: number) =>
      `The first ${number.format(shown)} of ${count(all, "document", "documents")}`,
    notHere: (amount: number) =>
      `${count(amount, "document was", "documents were")} not looked through: the words have not been read on this device yet. Open ${amount === 1 ? "it" : "them"} once.`,
    reading: (amount: number) => `Still reading ${count(amount, "document", "documents")}…`,
  },
} as const
