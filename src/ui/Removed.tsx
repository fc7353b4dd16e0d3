// "You no longer have access": said as long as the document is open, with what is still there and the way to keep it.
import type { OpenDocument } from "../app/model"
import { Icon } from "./Icon"
import { words } from "./words"

interface RemovedProps {
  readonly open: OpenDocument
  readonly onDownload: () => void
}

export function Removed({ open, onDownload }: RemovedProps) {
  const { removed } = open
  if (removed === null) return null
  const said = words.removed
  return (
    <section class="banner" role="status">
      <Icon name="lock" />
      <div class="banner-words">
        <strong>{said.title}</strong>
        <p>
          {removed === "ran-out" ? said.ranOut : removed.by === "" ? said.bySomebody : said.by(removed.by)}{" "}
          {said.what}
        </p>
      </div>
      <button type="button" class="button" onClick={onDownload}>
        {words.places.download}
      </button>
    </section>
  )
}
