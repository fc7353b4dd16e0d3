// A document as one HTML page that any browser opens, without scripts and without anything to fetch. Real headings,
// lists and quotations. Every word goes through `escaped`, every address through `safeAddress`.
import type { Node } from "prosemirror-model"
import { safeAddress } from "../content/link"
import { type Inline, inlineOf } from "./inline"
import { type Branch, type Item, outlineOf } from "./outline"

const STYLE = `body{max-width:42rem;margin:2rem auto;padding:0 1.25rem;font:1.125rem/1.6 Georgia,serif;color:#1f2421;background:#fffdf7}
h1,h2,h3{line-height:1.25}code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{padding:.75rem 1rem;overflow-x:auto;background:#ece8db}
blockquote,aside{margin-inline:0;padding-inline-start:1rem;border-inline-start:3px solid #86806c}
table{border-collapse:collapse}td,th{padding:.3rem .6rem;border:1px solid #86806c;text-align:start;vertical-align:top}
th{background:#ece8db}caption{caption-side:bottom;text-align:start}.tasks{list-style:none;padding-inline-start:1.5rem}mark{background:#ffe9a8}
@media print{body{margin:0;max-width:none;color:#000;background:#fff}}`

/** A whole page. `lang`: of the text (BCP 47), or empty where it is not known. */
export function htmlPageOf(title: string, doc: Node, lang = ""): string {
  const heading = title === "" ? "" : `<h1 dir="auto">${escaped(title)}</h1>\n`
  const language = lang === "" ? "" : ` lang="${escaped(lang)}"`
  return `<!doctype html>
<html${language}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="Sheaf">
<title>${escaped(title === "" ? "Sheaf" : title)}</title>
<style>${STYLE}</style>
</head>
<body>
${heading}${htmlOf(doc)}
</body>
</html>
`
}

/** The text alone. Headings begin one level below the title. */
export function htmlOf(doc: Node): string {
  return outlineOf(doc.content.content).map(branchHtml).join("\n")
}

function branchHtml(branch: Branch): string {
  switch (branch.is) {
    case "block":
      return blockHtml(branch.node)
    case "list":
      return listHtml(branch)
    case "container": {
      const inside = branch.children.map(branchHtml).join("\n")
      return branch.of.startsWith("callout:")
        ? `<aside>\n${inside}\n</aside>`
        : `<blockquote>\n${inside}\n</blockquote>`
    }
    default:
      return branch satisfies never
  }
}

function listHtml({ ordered, items }: Extract<Branch, { is: "list" }>): string {
  const tasks = items.some(item => item.checked !== null)
  const [open, close] = ordered ? ["<ol>", "</ol>"] : [tasks ? '<ul class="tasks">' : "<ul>", "</ul>"]
  return `${open}\n${items.map(itemHtml).join("\n")}\n${close}`
}

function itemHtml({ checked, children: [own, ...rest] }: Item): string {
  const box =
    checked === null ? "" : `<input type="checkbox" disabled${checked ? " checked" : ""} aria-label="Done"> `
  // The item's own words need no paragraph around them.
  const words =
    own?.is === "block" && own.node.type.name === "paragraph"
      ? inlineOf(own.node).map(inlineHtml).join("")
      : own
        ? branchHtml(own)
        : ""
  const more = rest.length > 0 ? `\n${rest.map(branchHtml).join("\n")}\n` : ""
  return `<li dir="auto">${box}${words}${more}</li>`
}

function blockHtml(node: Node): string {
  const { dir, align, lang } = node.attrs as Readonly<Record<string, unknown>>
  const inside = inlineOf(node).map(inlineHtml).join("")
  const isCode = node.type.name === "code_block"
  const attributes = [
    ` dir="${dir === "ltr" || dir === "rtl" ? dir : "auto"}"`,
    typeof lang === "string" && !isCode ? ` lang="${escaped(lang)}"` : "",
    align === "center" || align === "end" ? ` style="text-align:${align}"` : "",
  ].join("")
  switch (node.type.name) {
    case "heading": {
      const tag = `h${Number(node.attrs["level"]) + 1}`
      return `<${tag}${attributes}>${inside}</${tag}>`
    }
    case "code_block":
      return `<pre${attributes}><code>${inside.replaceAll("<br>", "\n")}</code></pre>`
    // The bytes stay in the document; its words go along.
    case "image": {
      const { alt } = node.attrs
      const shown =
        typeof alt === "string" && alt !== "" ? `<p role="img"${attributes}>[${escaped(alt)}]</p>` : ""
      return `<figure>${shown}<figcaption${attributes}>${inside}</figcaption></figure>`
    }
    case "divider":
      return inside === "" ? "<hr>" : `<hr>\n<p${attributes}>${inside}</p>`
    case "table":
      return tableHtml(node, attributes)
    default:
      return `<p${attributes}>${inside === "" ? "<br>" : inside}</p>`
  }
}

function tableHtml(node: Node, attributes: string): string {
  const [caption, ...rows] = node.content.content
  const cell = (of: Node) => {
    const head: unknown = of.attrs["head"]
    const inside = inlineOf(of).map(inlineHtml).join("")
    return head === "col" || head === "row"
      ? `<th scope="${head}" dir="auto">${inside}</th>`
      : `<td dir="auto">${inside}</td>`
  }
  const words = caption === undefined ? "" : inlineOf(caption).map(inlineHtml).join("")
  const lines = rows.map(row => `<tr>${row.content.content.map(cell).join("")}</tr>`)
  return `<table${attributes}>\n${words === "" ? "" : `<caption>${words}</caption>\n`}${lines.join("\n")}\n</table>`
}

const TAGS: Readonly<Record<string, string>> = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strike: "s",
  code: "code",
  highlight: "mark",
}

function inlineHtml(inline: Inline): string {
  if (inline.is === "text") return escaped(inline.text)
  if (inline.is === "break") return "<br>"
  const children = inline.children.map(inlineHtml).join("")
  const { mark } = inline
  const tag = TAGS[mark.type.name]
  if (tag) return `<${tag}>${children}</${tag}>`
  const href = safeAddress(mark.attrs["href"])
  return href === null ? children : `<a href="${escaped(href)}" rel="noopener noreferrer">${children}</a>`
}

function escaped(text: string): string {
  return text.replace(
    /[&<>"]/g,
    sign => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign,
  )
}
