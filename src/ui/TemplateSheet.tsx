// Beginnings that a co-op needs again and again. They are Markdown, read as a pasted text is, and become ordinary blocks.
import type { Node } from "prosemirror-model"
import { Modal } from "./Modal"
import { words } from "./words"

export type Template = (typeof words.templates)["minutes"]

const { minutes, agenda, decision, policy, budget, letter } = words.templates
const TEMPLATES: readonly Template[] = [minutes, agenda, decision, policy, budget, letter]

interface TemplateSheetProps {
  readonly onChoose: (template: Template) => void
  readonly onClose: () => void
}

export async function blocksOfTemplate(template: Template): Promise<Node[]> {
  const { blocksFromMarkdown } = await import("../formats/markdown-in")
  return blocksFromMarkdown(template.markdown)
}

export function TemplateSheet({ onChoose, onClose }: TemplateSheetProps) {
  return (
    <Modal heading={words.templates.heading} onClose={onClose}>
      <ul class="template-list">
        {TEMPLATES.map(template => (
          <li key={template.title}>
            <button type="button" class="template" onClick={() => onChoose(template)}>
              <b>{template.title}</b>
              <span>{template.about}</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
