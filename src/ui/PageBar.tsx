// The bar of a page that is neither the list nor a document: the way back, and what the page is.
import type { App } from "../app/model"
import { Icon } from "./Icon"
import { words } from "./words"

export function PageBar({ app, heading }: { readonly app: App; readonly heading: string }) {
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
      <h1>{heading}</h1>
    </header>
  )
}
