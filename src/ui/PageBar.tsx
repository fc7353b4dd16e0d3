// The bar of a page that is neither the list nor a document: the way back, and what the page is.
import type { ComponentChildren } from "preact"
import type { App } from "../app/model"
import { Icon } from "./Icon"
import { words } from "./words"

interface PageBarProps {
  readonly app: App
  readonly heading: string
  /** Stands in the heading's place, which is then only heard. */
  readonly children?: ComponentChildren
}

export function PageBar({ app, heading, children }: PageBarProps) {
  return (
    <header class="home-bar page-bar">
      <button
        type="button"
        class="button bare"
        aria-label={words.allDocuments}
        title={words.allDocuments}
        onClick={() => app.go("home")}
      >
        <Icon name="back" />
      </button>
      <h1 class={children === undefined ? undefined : "unseen"}>{heading}</h1>
      {children}
    </header>
  )
}
