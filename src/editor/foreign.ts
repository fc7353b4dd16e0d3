// What other programs put on the clipboard, made into the plain HTML that they mean. Each has ways of its own: Word
// writes a list as paragraphs with the number typed out, its web version as a list for every item, Google Docs a tick as
// a picture. After this the page has headings, lists and quotations like any other, and clipboard.ts flattens it.

/** Changes a page in place. The page is inert: nothing in it runs or is fetched. */
export function tidyForeign(page: Document): void {
  for (const element of page.querySelectorAll(
    "script,style,template,iframe,object,embed,head,title,meta,link,svg,math,button,select,textarea",
  ))
    element.remove()
  comments(page)
  officeWords(page)
  wordLists(page)
  leveledItems(page)
  ticks(page)
  codeBlocks(page)
  links(page)
  blankBlocks(page)
}

function comments(page: Document): void {
  const walker = page.createTreeWalker(page, 128 /* comments */)
  const found: Node[] = []
  for (let comment = walker.nextNode(); comment !== null; comment = walker.nextNode()) found.push(comment)
  for (const comment of found) comment.parentNode?.removeChild(comment)
}

// Word: <o:p> marks the end of a paragraph, a title and a quotation are paragraphs of a class, a heading of Word on
// the web is a paragraph with a role.
function officeWords(page: Document): void {
  for (const element of page.querySelectorAll("*")) {
    if (element.tagName !== "O:P") continue
    element.replaceWith(...element.childNodes)
  }
  for (const paragraph of page.querySelectorAll("p.MsoTitle")) rename(paragraph, "h1", page)
  for (const paragraph of page.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote"))
    wrap(paragraph, page.createElement("blockquote"))
  for (const paragraph of page.querySelectorAll("p[role=heading][aria-level]"))
    rename(paragraph, `h${between(Number(paragraph.getAttribute("aria-level")), 1, 6)}`, page)
  // Word's web version ends each paragraph with a space that nobody typed.
  for (const end of page.querySelectorAll(".EOP")) end.remove()
}

const NUMBER = /^\(?(\d+|[a-z]{1,4}|[A-Z]{1,4})[.)]/

// Word on a desk: <p style="mso-list:l0 level2 lfo1">, its bullet or number inside, marked to be ignored. The letter
// "o" is a bullet, "o." would be a number.
function wordLists(page: Document): void {
  for (const paragraph of page.querySelectorAll<HTMLElement>("p[style*=mso-list]")) {
    const style = paragraph.getAttribute("style") ?? ""
    const level = /mso-list:[^;]*\blevel(\d+)/i.exec(style)?.[1]
    const sign = [...paragraph.querySelectorAll<HTMLElement>("[style*=mso-list]")].find(each =>
      /mso-list:\s*ignore/i.test(each.getAttribute("style") ?? ""),
    )
    if (level === undefined || !sign) continue
    const ordered = NUMBER.test((sign.textContent ?? "").trim())
    sign.remove()
    nest(paragraph, ordered ? "ol" : "ul", Number(level), page)
  }
}

// Word on the web: every item in a list of its own, which says how deep it is.
function leveledItems(page: Document): void {
  for (const item of page.querySelectorAll<HTMLElement>("li[data-aria-level]")) {
    const level = Number(item.getAttribute("data-aria-level"))
    const list = item.parentElement
    if (!list || list.children.length > 1) continue
    for (let depth = 1; depth < between(level, 1, 9); depth++) wrap(list, page.createElement("ul"))
  }
}

// Google Docs: <li role=checkbox aria-checked>, with a picture of the box; done ones are struck by their look alone.
function ticks(page: Document): void {
  for (const item of page.querySelectorAll("li[role=checkbox]")) {
    const box = page.createElement("input")
    box.type = "checkbox"
    if (item.getAttribute("aria-checked") === "true") {
      box.setAttribute("checked", "")
      for (const struck of item.querySelectorAll<HTMLElement>("[style*=line-through]"))
        struck.style.textDecoration = "none"
    }
    for (const picture of item.querySelectorAll("img[aria-roledescription]")) picture.remove()
    item.prepend(box)
  }
}

// GitHub and others: the language of a program stands in a class around it.
function codeBlocks(page: Document): void {
  for (const block of page.querySelectorAll<HTMLElement>("pre")) {
    const classes = `${block.className} ${block.parentElement?.className ?? ""} ${block.querySelector("code")?.className ?? ""}`
    const syntax = /(?:highlight-source-|language-|lang-)([\w+#-]{1,30})/.exec(classes)?.[1]
    if (syntax !== undefined) block.dataset["syntax"] = syntax
  }
}

// A link is underlined by its nature, and one without words (an anchor beside a heading) is nothing.
function links(page: Document): void {
  for (const link of page.querySelectorAll("a")) {
    for (const lined of link.querySelectorAll<HTMLElement>("[style*=underline]"))
      lined.style.textDecoration = "none"
    if ((link.textContent ?? "").trim() === "" && link.querySelector("img") === null) link.remove()
  }
}

// Many programs set paragraphs apart by empty ones; here paragraphs stand apart by themselves.
function blankBlocks(page: Document): void {
  for (const block of page.querySelectorAll("p, div"))
    if (
      block.querySelector("img, input, hr, table, li, pre") === null &&
      (block.textContent ?? "").trim() === ""
    )
      block.remove()
  for (const stray of page.querySelectorAll("br")) if (!isBetweenWords(stray)) stray.remove()
}

/** A break that ends a block, or stands between blocks, sets nothing apart. */
function isBetweenWords(element: Element): boolean {
  const after = neighbour(element, "nextSibling")
  return after !== null && neighbour(element, "previousSibling") !== null
}

const BLOCK = /^(P|H[1-6]|UL|OL|LI|TABLE|T[DH]|BLOCKQUOTE|PRE|DIV|HR|BODY)$/

/** The next node to one side that shows something in the same block; null: the block ends there. */
function neighbour(element: Element, side: "nextSibling" | "previousSibling"): Node | null {
  for (let from: Node | null = element; from !== null && !BLOCK.test(from.nodeName); from = from.parentNode)
    for (let node = from[side]; node !== null; node = node[side]) {
      if (BLOCK.test(node.nodeName)) return null
      if (node.nodeName === "BR" || (node.textContent ?? "").trim() !== "") return node
    }
  return null
}

/** Puts a paragraph into lists in lists, `level` deep, where it stands. */
function nest(paragraph: HTMLElement, tag: "ul" | "ol", level: number, page: Document): void {
  const item = page.createElement("li")
  paragraph.before(item)
  item.append(...paragraph.childNodes)
  paragraph.remove()
  const list = page.createElement(tag)
  wrap(item, list)
  for (let depth = 1; depth < between(level, 1, 9); depth++)
    wrap(depth === 1 ? list : outer(list), page.createElement("ul"))
}

/** The outermost list around a list that was made by `nest`. */
function outer(list: Element): Element {
  let outermost = list
  while (outermost.parentElement?.tagName === "UL" && outermost.parentElement.children.length === 1)
    outermost = outermost.parentElement
  return outermost
}

function wrap(element: Element, around: Element): void {
  element.before(around)
  around.append(element)
}

function rename(element: Element, tag: string, page: Document): void {
  const made = page.createElement(tag)
  element.before(made)
  made.append(...element.childNodes)
  element.remove()
}

function between(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, Math.trunc(value))) : least
}
