// Icons: the few lucide drawings in use, put into the page at build time, so that none is ever fetched.
// They are decoration: whatever carries one also carries words.

import down from "lucide-static/icons/arrow-down.svg?raw"
import rowBelow from "lucide-static/icons/arrow-down-to-line.svg?raw"
import backward from "lucide-static/icons/arrow-left.svg?raw"
import columnBefore from "lucide-static/icons/arrow-left-to-line.svg?raw"
import forward from "lucide-static/icons/arrow-right.svg?raw"
import columnAfter from "lucide-static/icons/arrow-right-to-line.svg?raw"
import up from "lucide-static/icons/arrow-up.svg?raw"
import order from "lucide-static/icons/arrow-up-down.svg?raw"
import rowAbove from "lucide-static/icons/arrow-up-to-line.svg?raw"
import bold from "lucide-static/icons/bold.svg?raw"
import read from "lucide-static/icons/book-open.svg?raw"
import caption from "lucide-static/icons/captions.svg?raw"
import matchCase from "lucide-static/icons/case-sensitive.svg?raw"
import check from "lucide-static/icons/check.svg?raw"
import chevronDown from "lucide-static/icons/chevron-down.svg?raw"
import back from "lucide-static/icons/chevron-left.svg?raw"
import hideKeyboard from "lucide-static/icons/chevrons-down.svg?raw"
import help from "lucide-static/icons/circle-question-mark.svg?raw"
import code from "lucide-static/icons/code.svg?raw"
import copy from "lucide-static/icons/copy.svg?raw"
import download from "lucide-static/icons/download.svg?raw"
import more from "lucide-static/icons/ellipsis.svg?raw"
import file from "lucide-static/icons/file-down.svg?raw"
import files from "lucide-static/icons/files.svg?raw"
import focus from "lucide-static/icons/focus.svg?raw"
import folder from "lucide-static/icons/folder.svg?raw"
import grip from "lucide-static/icons/grip-vertical.svg?raw"
import heading from "lucide-static/icons/heading.svg?raw"
import highlight from "lucide-static/icons/highlighter.svg?raw"
import house from "lucide-static/icons/house.svg?raw"
import picture from "lucide-static/icons/image.svg?raw"
import outdent from "lucide-static/icons/indent-decrease.svg?raw"
import indent from "lucide-static/icons/indent-increase.svg?raw"
import info from "lucide-static/icons/info.svg?raw"
import italic from "lucide-static/icons/italic.svg?raw"
import keyboard from "lucide-static/icons/keyboard.svg?raw"
import language from "lucide-static/icons/languages.svg?raw"
import tip from "lucide-static/icons/lightbulb.svg?raw"
import link from "lucide-static/icons/link.svg?raw"
import bulletList from "lucide-static/icons/list.svg?raw"
import numberedList from "lucide-static/icons/list-ordered.svg?raw"
import taskList from "lucide-static/icons/list-todo.svg?raw"
import outline from "lucide-static/icons/list-tree.svg?raw"
import lock from "lucide-static/icons/lock.svg?raw"
import join from "lucide-static/icons/log-in.svg?raw"
import menu from "lucide-static/icons/menu.svg?raw"
import comment from "lucide-static/icons/message-square.svg?raw"
import divider from "lucide-static/icons/minus.svg?raw"
import headerColumn from "lucide-static/icons/panel-left.svg?raw"
import headerRow from "lucide-static/icons/panel-top.svg?raw"
import pause from "lucide-static/icons/pause.svg?raw"
import rtl from "lucide-static/icons/pilcrow-left.svg?raw"
import ltr from "lucide-static/icons/pilcrow-right.svg?raw"
import pin from "lucide-static/icons/pin.svg?raw"
import unpin from "lucide-static/icons/pin-off.svg?raw"
import plus from "lucide-static/icons/plus.svg?raw"
import printer from "lucide-static/icons/printer.svg?raw"
import redo from "lucide-static/icons/redo-2.svg?raw"
import update from "lucide-static/icons/refresh-cw.svg?raw"
import replace from "lucide-static/icons/replace.svg?raw"
import restore from "lucide-static/icons/rotate-ccw.svg?raw"
import search from "lucide-static/icons/search.svg?raw"
import settings from "lucide-static/icons/settings.svg?raw"
import send from "lucide-static/icons/share.svg?raw"
import emoji from "lucide-static/icons/smile.svg?raw"
import select from "lucide-static/icons/square-check.svg?raw"
import codeBlock from "lucide-static/icons/square-code.svg?raw"
import strike from "lucide-static/icons/strikethrough.svg?raw"
import table from "lucide-static/icons/table.svg?raw"
import blockQuote from "lucide-static/icons/text-quote.svg?raw"
import trash from "lucide-static/icons/trash-2.svg?raw"
import warning from "lucide-static/icons/triangle-alert.svg?raw"
import text from "lucide-static/icons/type.svg?raw"
import underline from "lucide-static/icons/underline.svg?raw"
import undo from "lucide-static/icons/undo-2.svg?raw"
import person from "lucide-static/icons/user.svg?raw"
import share from "lucide-static/icons/user-plus.svg?raw"
import people from "lucide-static/icons/users.svg?raw"
import wholeWord from "lucide-static/icons/whole-word.svg?raw"
import close from "lucide-static/icons/x.svg?raw"

const drawings = {
  picture,
  matchCase,
  wholeWord,
  comment,
  language,
  grip,
  emoji,
  replace,
  read,
  focus,
  outline,
  ltr,
  rtl,
  tip,
  table,
  caption,
  headerColumn,
  headerRow,
  forward,
  backward,
  down,
  up,
  columnAfter,
  columnBefore,
  rowBelow,
  rowAbove,
  help,
  settings,
  house,
  people,
  restore,
  select,
  order,
  search,
  trash,
  unpin,
  pause,
  pin,
  folder,
  files,
  back,
  blockQuote,
  bold,
  bulletList,
  check,
  chevronDown,
  close,
  code,
  codeBlock,
  copy,
  divider,
  download,
  file,
  heading,
  hideKeyboard,
  highlight,
  indent,
  info,
  italic,
  join,
  keyboard,
  link,
  lock,
  menu,
  more,
  numberedList,
  outdent,
  person,
  plus,
  printer,
  redo,
  send,
  share,
  strike,
  taskList,
  text,
  underline,
  undo,
  update,
  warning,
}

export type IconName = keyof typeof drawings

/** Icons that point along the line of writing: mirrored where it runs from right to left. */
const POINTING: ReadonlySet<IconName> = new Set([
  "columnBefore",
  "columnAfter",
  "backward",
  "forward",
  "headerColumn",
  "outline",
  "back",
  "blockQuote",
  "bulletList",
  "indent",
  "join",
  "numberedList",
  "outdent",
  "redo",
  "taskList",
  "undo",
])

const inside = (svg: string): string =>
  svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))

const shapes = Object.fromEntries(Object.entries(drawings).map(([name, svg]) => [name, inside(svg)]))

/** A decorative icon, 20 px unless told otherwise. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      class={POINTING.has(name) ? "icon pointing" : "icon"}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
      // The markup is lucide's own, fixed at build time; nothing that a person wrote comes near it.
      dangerouslySetInnerHTML={{ __html: shapes[name] ?? "" }}
    />
  )
}
