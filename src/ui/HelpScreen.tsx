// The help, a page of words that works without a network: questions people ask, and what the words mean.
import type { App } from "../app/model"
import { PageBar } from "./PageBar"
import { words } from "./words"

const MEANINGS = "meanings"

export function HelpScreen({ app }: { readonly app: App }) {
  const said = words.help
  const chapters = Object.entries(said.chapters)
  return (
    <div class="home">
      <PageBar app={app} heading={said.heading} />
      <main id="main" class="page" tabIndex={-1}>
        <nav aria-label={said.contents}>
          <ul class="page-contents">
            {chapters.map(([id, { heading }]) => (
              <li key={id}>
                <a href={`#${id}`}>{heading}</a>
              </li>
            ))}
            <li>
              <a href={`#${MEANINGS}`}>{said.meanings}</a>
            </li>
          </ul>
        </nav>
        {chapters.map(([id, { heading, lines }]) => (
          <section key={id} id={id} class="prose">
            <h2>{heading}</h2>
            {lines.map(line => (
              <p key={line}>{line}</p>
            ))}
          </section>
        ))}
        <section id={MEANINGS} class="prose">
          <h2>{said.meanings}</h2>
          <dl class="meanings">
            {said.words.map(({ word, meaning }) => (
              <div key={word}>
                <dt>{word}</dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
        <p class="page-foot">
          <button type="button" class="button" onClick={() => window.location.reload()}>
            {said.restart}
          </button>
          <span class="hint">{said.restartWhy}</span>
        </p>
      </main>
    </div>
  )
}
