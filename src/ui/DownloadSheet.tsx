// Taking a copy of a document away, in a form that other programs read.
import { DOWNLOAD_FORMATS, type OpenDocument } from "../app/model"
import { Icon } from "./Icon"
import { Modal } from "./Modal"
import { words } from "./words"

interface DownloadSheetProps {
  readonly open: OpenDocument
  readonly onClose: () => void
}

export function DownloadSheet({ open, onClose }: DownloadSheetProps) {
  return (
    <Modal heading={words.places.download} onClose={onClose}>
      <ul class="download-formats">
        {DOWNLOAD_FORMATS.map(format => (
          <li key={format}>
            <button
              type="button"
              class="choice"
              onClick={() => {
                void open.download(format)
                onClose()
              }}
            >
              <Icon name="download" />
              <span>
                <strong>{words.formats[format].name}</strong>
                <span class="hint">{words.formats[format].why}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
