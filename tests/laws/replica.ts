// A person at an editor, without a screen: a real editor state bound to a real document, and a mailbox. What
// it writes goes to the others whenever the run says so, never before what it was written on top of.
import type { EditorState, Plugin, Transaction } from "prosemirror-state"
import * as Y from "yjs"
import { bodyOf, createDocument } from "../../src/content/document"
import { render } from "../../src/content/render"
import { Binding, isEditorOrigin } from "../../src/editor/binding"

interface Letter {
  readonly update: Uint8Array
  /** What its writer knew when it was written. */
  readonly after: ReadonlyMap<number, number>
}

/** What else an editor has than its binding. */
export type PluginsOf = (binding: Binding) => readonly Plugin[]

export class Replica {
  readonly doc: Y.Doc
  readonly binding: Binding
  state: EditorState
  readonly inbox: Letter[] = []
  /** Whether an input method is in the middle of a word. */
  inWord = false
  /** Updates written since `takeWritten` was last asked. */
  #written: Uint8Array[] = []
  /** Transactions that wrote without a person's doing; a law says there are none. */
  uncalled = 0
  #known: ReadonlyMap<number, number> = new Map()

  constructor(clientID: number, others: () => readonly Replica[], plugins: PluginsOf = () => []) {
    this.doc = createDocument(clientID)
    this.binding = new Binding(this.doc, {
      editable: () => true,
      captureTimeoutMs: 0,
      after: () => () => undefined, // a word in composition ends when the run says so
    })
    this.state = this.binding.createState(plugins(this.binding))
    this.binding.attach(this)
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (isEditorOrigin(origin)) {
        this.#written.push(update)
        const letter = { update, after: this.#known }
        for (const other of others()) if (other !== this) other.inbox.push(letter)
      } else if (origin !== "arrived") {
        this.uncalled++
      }
      this.#known = Y.decodeStateVector(Y.encodeStateVector(this.doc))
    })
  }

  show(next: EditorState): void {
    this.state = next
  }

  composing(): boolean {
    return this.inWord
  }

  /** The word is done: what waited for it is shown. */
  finishWord(): void {
    this.inWord = false
    this.binding.release()
  }

  edit(change: (tr: Transaction) => unknown): void {
    const tr = this.state.tr
    change(tr)
    this.binding.dispatch(tr)
    // The text can hold every row of blocks, so an edit is never put right afterwards by taking a block away.
    if (this.binding.shown === this.state.doc && this.state.doc.childCount !== tr.doc.childCount)
      throw new Error(`an edit made ${tr.doc}, and the editor shows ${this.state.doc}`)
  }

  takeWritten(): Uint8Array[] {
    return this.#written.splice(0)
  }

  /** Takes one letter that can be read now: `pick` chooses among them. False: there is none. */
  receive(pick: (count: number) => number): boolean {
    const readable = this.inbox.filter(({ after }) =>
      [...after].every(([client, clock]) => (this.#known.get(client) ?? 0) >= clock),
    )
    const letter = readable[pick(readable.length)]
    if (letter === undefined) return false
    this.inbox.splice(this.inbox.indexOf(letter), 1)
    Y.applyUpdate(this.doc, letter.update, "arrived")
    return true
  }

  /** Null when the editor shows exactly what the document says; else both, in words. */
  difference(): string | null {
    const drawn = render(this.doc)
    if (drawn.eq(this.binding.shown)) return null
    return `editor: ${this.binding.shown}\nrender: ${drawn}\ntext:   ${JSON.stringify(bodyOf(this.doc).toDelta())}`
  }

  /** All words, blocks set apart. */
  get text(): string {
    return this.state.doc.textBetween(0, this.state.doc.content.size, "¶")
  }
}

/** Two or more people with the same document, who hear of one another only by `deliver`. */
export function company(
  count: number,
  firstID = 1,
  plugins?: PluginsOf,
): { replicas: Replica[]; deliver(): void } {
  const replicas: Replica[] = []
  for (let i = 0; i < count; i++) replicas.push(new Replica(firstID + i, () => replicas, plugins))
  return {
    replicas,
    deliver() {
      while (replicas.some(replica => replica.receive(() => 0)));
    },
  }
}
