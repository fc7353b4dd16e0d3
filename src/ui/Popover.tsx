// A button and the panel it opens, on the native popover: light dismiss, Escape and the top layer are the
// browser's. On a desk the panel floats by its button; on a phone it is a sheet at the foot of the screen.
// With `menu` it is a menu: arrows move, Home and End jump, choosing closes.
import type { Placement } from "@floating-ui/dom"
import type { ComponentChildren } from "preact"
import { useEffect, useId, useRef, useState } from "preact/hooks"
import { keepBeside } from "./floating"

interface PopoverProps {
  /** Name of the panel, and of the button when its content has no words of its own. */
  readonly label: string
  readonly button: ComponentChildren
  readonly buttonClass: string
  /** The button's content names it (words, not only a picture). */
  readonly named?: boolean
  readonly menu?: boolean
  readonly placement?: Placement
  /** Keep the focus and the selection of the text while the button is pressed. */
  readonly keepsFocus?: boolean
  readonly tabIndex?: number
  readonly children: (close: () => void) => ComponentChildren
}

const NARROW = "(max-width: 43.99rem)"

export function Popover(props: PopoverProps) {
  const { label, menu = false, placement = "bottom-end", children } = props
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)

  useEffect(() => {
    if (!open || button.current === null || panel.current === null) return
    const element = panel.current
    const stop = place(button.current, element, placement)
    if (!menu) {
      element.focus()
      return stop
    }
    focusFirst(element)
    element.addEventListener("keydown", moveInMenu)
    return () => {
      element.removeEventListener("keydown", moveInMenu)
      stop()
    }
  }, [open, placement, menu])

  const semantics = { role: menu ? "menu" : "dialog", "aria-label": label } as const
  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.buttonClass}
        popovertarget={id}
        aria-haspopup={menu ? "menu" : "dialog"}
        aria-expanded={open}
        aria-label={props.named === true ? undefined : label}
        title={props.named === true ? undefined : label}
        tabIndex={props.tabIndex}
        onMouseDown={props.keepsFocus === true ? event => event.preventDefault() : undefined}
      >
        {props.button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class={menu ? "popover menu" : "popover"}
        {...semantics}
        tabIndex={-1}
        onToggle={event => setOpen(event.newState === "open")}
      >
        {open ? children(() => panel.current?.hidePopover()) : null}
      </div>
    </>
  )
}

interface MenuItemProps {
  readonly children: ComponentChildren
  readonly onChoose: () => void
  readonly disabled?: boolean
  /** Given: one of several, ticked or not. */
  readonly checked?: boolean
  /** Given: on or off by itself. */
  readonly ticked?: boolean
}

export function MenuItem({ children, onChoose, disabled = false, checked, ticked }: MenuItemProps) {
  const alone =
    ticked === undefined
      ? { role: "menuitem" as const }
      : { role: "menuitemcheckbox" as const, "aria-checked": ticked }
  const semantics =
    checked === undefined ? alone : { role: "menuitemradio" as const, "aria-checked": checked }
  return (
    <button
      type="button"
      class="menu-item"
      {...semantics}
      aria-disabled={disabled ? true : undefined}
      tabIndex={-1}
      onClick={disabled ? undefined : onChoose}
    >
      {children}
    </button>
  )
}

function place(button: HTMLElement, panel: HTMLElement, placement: Placement): () => void {
  if (matchMedia(NARROW).matches) {
    panel.style.removeProperty("left")
    panel.style.removeProperty("top")
    panel.style.removeProperty("max-height")
    return () => undefined
  }
  return keepBeside(
    button,
    panel,
    ({ flip, offset, shift, size }) => ({
      placement,
      strategy: "fixed",
      middleware: [
        offset(6),
        flip({ padding: 8 }),
        shift({ padding: 8 }),
        size({
          padding: 8,
          apply: ({ availableHeight }) => {
            panel.style.maxHeight = `${Math.max(180, availableHeight)}px`
          },
        }),
      ],
    }),
    ({ x, y }) => {
      panel.style.left = `${x}px`
      panel.style.top = `${y}px`
    },
  )
}

const items = (panel: Element): HTMLElement[] => [...panel.querySelectorAll<HTMLElement>(".menu-item")]

function focusFirst(panel: HTMLElement): void {
  const all = items(panel)
  // A menu that is a choice opens at what is chosen; one that only ends with a choice opens at its top.
  const isChoice = all[0]?.getAttribute("aria-checked") != null
  const chosen = isChoice ? all.find(item => item.getAttribute("aria-checked") === "true") : undefined
  const first = chosen ?? all[0]
  first?.focus()
}

function moveInMenu(event: KeyboardEvent): void {
  const { currentTarget: panel, target } = event
  if (!(panel instanceof HTMLElement && target instanceof HTMLElement)) return
  // Tab goes on from the button, as if the menu had never been there.
  if (event.key === "Tab") {
    panel.hidePopover()
    return
  }
  const all = items(panel)
  const at = all.indexOf(target)
  const next = menuStep(event.key, at, all.length)
  if (next === null) return
  event.preventDefault()
  all[next]?.focus()
}

/** Which item a key leads to in a menu of `amount` items; null when the key is not for the menu. */
export function menuStep(key: string, at: number, amount: number): number | null {
  if (amount === 0) return null
  switch (key) {
    case "ArrowDown":
      return (at + 1) % amount
    case "ArrowUp":
      return at <= 0 ? amount - 1 : at - 1
    case "Home":
      return 0
    case "End":
      return amount - 1
    default:
      return null
  }
}
