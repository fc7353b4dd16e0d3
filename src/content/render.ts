// Drawing: the body's items, left to right, become blocks. It is a pure function of the Y.Doc, the same on
// every replica; it writes nothing and throws at nothing. It reads Yjs's linked items rather than `toDelta()`
// so that the binding can draw one block without walking the text, with the very same code.
import { Fragment, type Node } from "prosemirror-model"
import * as Y from "yjs"
import { bodyOf } from "./document"
import { isPlainValue, type Reading, readMarker } from "./marker"
import { type Attributes, marksOf, NO_ATTRIBUTES, sameAttributes, withFormat } from "./marks"
import { schema } from "./schema"
import { readTable, textsByCell } from "./table"

/** One block as drawn, and what is needed to draw it again without what comes before it. */
export interface DrawnBlock {
  /** The marker's item; null: the text before the first marker. */
  readonly marker: Y.Item | null
  /** The attributes in force just after the marker: a format may begin in one block and end in another. */
  readonly attributes: Attributes
  readonly node: Node
}

/** A place between items from which drawing can go on: `item` is the next one, null at the end of the text. */
export interface Place {
  readonly item: Y.Item | null
  readonly attributes: Attributes
}

/** The whole document. An empty text is one empty paragraph. */
export function render(doc: Y.Doc): Node {
  return schema.node(
    "doc",
    null,
    drawBlocks(bodyOf(doc)).map(block => block.node),
  )
}

/** All blocks of a text, at least one. */
export function drawBlocks(body: Y.Text): DrawnBlock[] {
  const blocks: DrawnBlock[] = []
  const lead = drawBlock(null, { item: body._start, attributes: NO_ATTRIBUTES })
  let place = lead.end
  // Text before the first marker is a paragraph; no text there and a marker, and there is no such paragraph.
  if (lead.block.node.childCount > 0 || place.item === null) blocks.push(lead.block)
  while (place.item !== null) {
    const { block, end } = drawBlock(place.item, { item: place.item.right, attributes: place.attributes })
    blocks.push(block)
    place = end
  }
  return blocks
}

/** Draws the block that `marker` opens from the items after it, up to the next marker, where `end` stands. */
export function drawBlock(marker: Y.Item | null, from: Place): { block: DrawnBlock; end: Place } {
  const { inline, end } = drawInline(from)
  const map = marker === null ? null : mapOf(marker)
  const { node, attributes } = readMarker(map)
  const table = node === "table" && map !== null ? drawTable(map, attributes, inline) : null
  const drawn = table ?? schema.nodes[node].create(attributes, Fragment.fromArray(inline))
  return { block: { marker, attributes: from.attributes, node: drawn }, end }
}

/** Draws what stands in a line: from a place up to the next marker, or to the end of the text. */
function drawInline(from: Place): { inline: Node[]; end: Place } {
  const inline: Node[] = []
  let { item, attributes } = from
  let text = ""
  let textAttributes = attributes
  const flush = () => {
    if (text !== "") drawText(text, textAttributes, inline)
    text = ""
  }
  for (; item !== null; item = item.right) {
    if (item.deleted) continue
    const content = item.content
    if (content instanceof Y.ContentFormat) {
      attributes = withFormat(attributes, content.key, content.value)
    } else if (content instanceof Y.ContentString) {
      // Pieces that look alike become one text node, however many items they came in.
      if (!sameAttributes(attributes, textAttributes)) flush()
      textAttributes = attributes
      text += content.str
    } else if (isMarker(item)) {
      break
    } else if (item.countable) {
      flush()
      const embed = content instanceof Y.ContentEmbed && isPlainValue(content.embed) ? content.embed : null
      for (let i = 0; i < item.length; i++)
        inline.push(schema.nodes.unknown_inline.create({ embed }, null, marksOf(attributes)))
    }
  }
  flush()
  return { inline, end: { item, attributes } }
}

function drawTable(marker: Y.Map<unknown>, attributes: Reading["attributes"], caption: Node[]): Node | null {
  const shape = readTable(marker)
  if (shape === null) return null
  const texts = textsByCell(marker)
  const { header } = attributes
  const cell = (row: string, y: number, column: string, x: number) => {
    const byColumn = y === 0 && (header === "row" || header === "both") ? "col" : null
    const byRow = x === 0 && (header === "column" || header === "both") ? "row" : null
    const inline = (texts.get(`${row}/${column}`) ?? []).flatMap(drawCellText)
    return schema.nodes.table_cell.create({ column, head: byColumn ?? byRow }, Fragment.fromArray(inline))
  }
  const rows = shape.rows.map((row, y) =>
    schema.nodes.table_row.create(
      { row },
      shape.columns.map((column, x) => cell(row, y, column, x)),
    ),
  )
  return schema.nodes.table.create(attributes, [schema.nodes.table_caption.create(null, caption), ...rows])
}

/** A cell has no blocks: a marker in it, which nobody of this version puts there, is a sign like any other. */
function drawCellText(text: Y.Text): Node[] {
  const inline: Node[] = []
  let place: Place = { item: text._start, attributes: NO_ATTRIBUTES }
  for (;;) {
    const drawn = drawInline(place)
    inline.push(...drawn.inline)
    if (drawn.end.item === null) return inline
    inline.push(schema.nodes.unknown_inline.create({ embed: null }, null, marksOf(drawn.end.attributes)))
    place = { item: drawn.end.item.right, attributes: drawn.end.attributes }
  }
}

/** Whether an item opens a block: a Y.Map in the text, alive. Everything else in the text is inside a block. */
export function isMarker(item: Y.Item): boolean {
  return !item.deleted && item.content instanceof Y.ContentType && item.content.type instanceof Y.Map
}

/** The map of a marker's item. */
export function mapOf(marker: Y.Item): Y.Map<unknown> | null {
  return marker.content instanceof Y.ContentType && marker.content.type instanceof Y.Map
    ? marker.content.type
    : null
}

function drawText(text: string, attributes: Attributes, into: Node[]): void {
  const marks = marksOf(attributes)
  let start = 0
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
    if (end > start) into.push(schema.text(text.slice(start, end), marks))
    into.push(schema.nodes.hard_break.create(null, null, marks))
    start = end + 1
  }
  if (start < text.length) into.push(schema.text(text.slice(start), marks))
}
