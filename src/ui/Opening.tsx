// The page of a document on its way from the disk: its title, and lines where its words will be.
import { firstWords } from "./words/first"

export function OpeningScreen({ title }: { readonly title: string }) {
  return (
    <main class="opening" id="main" tabIndex={-1} aria-busy="true">
      <h1 class="opening-title">{firstWords.waiting.opening(title)}</h1>
      <div class="skeleton" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
    </main>
  )
}
