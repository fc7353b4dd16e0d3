// A modal sheet on the native <dialog>: focus trap, Escape, and the return of focus are the browser's.
// A card in the middle of a desk, a sheet over the whole of a phone.
import type { ComponentChildren } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"
import { Icon } from "./Icon"
import { words } from "./words"

interface ModalProps {
  readonly heading: string
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** Opens when mounted, and is unmounted by its owner when `onClose` has been called. */
export function Modal({ heading, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const headingId = useId()
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    // The browser would begin with the close button; one came for what is in the sheet.
    dialog.current?.querySelector<HTMLElement>(".modal-body :is(input, textarea, .primary)")?.focus()
    return () => {
      // Unmounting an open dialog skips the browser's own return of focus.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} class="modal" aria-labelledby={headingId} onClose={onClose} closedby="any">
      <div class="modal-head">
        <h2 id={headingId}>{heading}</h2>
        <button
          type="button"
          class="button bare"
          aria-label={words.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <div class="modal-body">{children}</div>
    </dialog>
  )
}
