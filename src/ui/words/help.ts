// The help: everything that a person may want to know, without a network and without jargon.

interface Chapter {
  readonly id: string
  readonly heading: string
  readonly lines: readonly string[]
}

/** A word, and what it means here. */
type Meaning = readonly [word: string, meaning: string]

const chapters: readonly Chapter[] = [
  {
    id: "begin",
    heading: "How do I begin?",
    lines: [
      "Write. Every document is saved on this device as you type; there is no Save button and no account.",
      "To write with somebody, press Share and send them the link. They open it, type a name, and write.",
    ],
  },
  {
    id: "offline",
    heading: "Does it work without a connection?",
    lines: [
      "Yes, all of it: writing, reading, searching, making links. Only asking somebody far away needs a way to them.",
      "When a way is there again, what you wrote and what others wrote is put together. Nobody has to choose between two versions, and nothing is lost.",
      "Sheaf sends changes while it is open. What you wrote last goes out the next time you open it.",
    ],
  },
  {
    id: "where",
    heading: "Where are my documents?",
    lines: [
      "On your own devices, and on those of the people you share with. A relay may keep a sealed copy as well.",
      "The sheaf by the title says how many places have told us that they keep everything: one stalk is this device alone, a bound sheaf is three or more. Press it to see which.",
      "“Only on this device” means that a lost device is a lost document. Share it, and it lives elsewhere too.",
    ],
  },
  {
    id: "out",
    heading: "How do I get my data out?",
    lines: [
      "Open a document, press the three dots, and choose “Download a copy”: as a web page, as Markdown or as plain text.",
      "Printing to a PDF keeps the look. Select all and copy keeps headings, lists and links for other word processors.",
      "All of it works without a connection, and without anybody’s permission.",
    ],
  },
  {
    id: "relay",
    heading: "What does the relay see?",
    lines: [
      "It sees that there are documents, how large they are, when something changes, and from which internet addresses it is asked. It sees no title, no word and no name.",
      "It cannot change a word either: everything is signed on the device where it was written, and what was altered is turned away.",
      "It can lose its copy, or refuse to hand it out. That is why other devices keep copies too.",
    ],
  },
  {
    id: "link",
    heading: "Who can open a link?",
    lines: [
      "Whoever has the whole link. The key is in it, behind the # sign, which browsers never send to a server. Send it privately.",
      "Under Share you see what you have given and who has come by it, and take it back: the link stops working, and nothing that is written later reaches them.",
      "Somebody who has read a document has read it: no program can take that back.",
    ],
  },
  {
    id: "lost",
    heading: "What if I lose this device?",
    lines: [
      "Documents that others have are still there: ask one of them for a new link.",
      "Documents that are only here are gone. The list of documents says which those are.",
    ],
  },
  {
    id: "end",
    heading: "What happens if Sheaf ends?",
    lines: [
      "The app on this device goes on working: it needs no server of ours. Devices that can reach one another go on exchanging changes.",
      "The program is free software, and how documents are stored and sent is written down, so that others can read them with a program of their own.",
    ],
  },
  {
    id: "not",
    heading: "What does Sheaf not protect from?",
    lines: [
      "From somebody who holds your unlocked device, from people you gave a right and who misuse it, and from screenshots.",
      "The web address that you load Sheaf from is trusted when it is installed and when it is updated; updates wait for your yes.",
    ],
  },
]

const meaningsOfWords: readonly Meaning[] = [
  ["Document", "A page that you write, with its title."],
  ["Sealed", "Made unreadable for everybody who does not hold the key, before it leaves a device."],
  ["Copy", "A place that has told us, signed, that it keeps everything of a document."],
  ["Relay", "A computer that keeps sealed copies, so that people need not be online at the same moment."],
  ["Link", "An address with a right in it: to read a document, or to write in it."],
  ["Live", "Somebody else has the document open, and changes go back and forth as they are made."],
  ["Directly", "From device to device, with no relay between."],
  ["Trash", "Where documents wait for 30 days before they leave this device."],
]

export const helpWords = {
  help: {
    heading: "Help",
    contents: "On this page",
    restart: "Restart Sheaf",
    restartWhy: "If something looks stuck. What you wrote stays.",
    meanings: "What do these words mean?",
    chapters,
    words: meaningsOfWords,
  },
} as const
