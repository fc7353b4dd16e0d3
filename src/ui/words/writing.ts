// The words of the writing tools: commands, menus, panels about the text. A part of words.ts, which tells how they are
// to sound.
import { trimmed } from "../phrasing"

export const writingWords = {
  commands: {
    undo: "Undo",
    redo: "Redo",
    paragraph: "Normal text",
    heading: (level: number) => `Heading ${level}`,
    bold: "Bold",
    italic: "Italic",
    underline: "Underline",
    strike: "Strikethrough",
    code: "Code",
    highlight: "Highlight",
    link: "Link",
    bulletList: "Bullet list",
    numberedList: "Numbered list",
    taskList: "Task list",
    quote: "Quote",
    codeBlock: "Code block",
    divider: "Divider",
    indent: "Indent",
    outdent: "Outdent",
    lists: "Lists",
  },

  /** Other words by which people look for a command. */
  aka: {
    paragraph: "text body plain p",
    heading: (level: number) => `title section h${level} ${"#".repeat(level)}`,
    bulletList: "unordered points ul -",
    numberedList: "ordered steps ol 1.",
    taskList: "todo to-do checklist checkbox [] done",
    quote: "citation blockquote >",
    codeBlock: "program source monospace ```",
    divider: "line rule separator hr ---",
    share: "invite people link",
    download: "export save copy file",
    print: "pdf paper",
  },

  link: {
    heading: "Link",
    address: "Address",
    set: "Set the link",
    remove: "Remove the link",
    bad: "A link starts with https://, http:// or mailto:",
  },

  keys: {
    heading: "Keyboard shortcuts",
    search: "Find a shortcut",
    or: " or ",
    /** Names of the keys that no button stands for. */
    of: {
      "open-link": "Open the link at the caret",
      tick: "Tick a task",
      "move-up": "Move the block up",
      "move-down": "Move the block down",
      "line-break": "Line break",
      "paste-plain": "Paste as plain text",
      palette: "Find a command",
      toolbar: "Go to the toolbar",
      leave: "Leave the text",
      save: "Say where it is saved",
      print: "Print",
    },
  },

  palette: {
    heading: "Commands",
    label: "Find a command",
    none: (query: string) => `Nothing here is called “${trimmed(query, 40)}”.`,
  },
} as const
