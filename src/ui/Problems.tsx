// Trouble, told plainly: what happened, what is safe, what to do next. A banner above the work when one
// can go on, a screen of its own when one cannot. Never one message for two causes, never blame.
import type { App, Problem } from "../app/model"
import { Glyph } from "./Glyph"
import { Icon } from "./Icon"
import { problemWords } from "./trouble"
import { words } from "./words"

/** Losing words is the one thing that may interrupt. */
const isGrave = (problem: Problem): boolean => problem.kind === "disk-full" || problem.kind === "no-indexeddb"

interface ProblemBannerProps {
  readonly problem: Problem
  readonly onDismiss: () => void
  /** The way out that fits, if there is one. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

export function ProblemBanner({ problem, onDismiss, action }: ProblemBannerProps) {
  const said = problemWords(problem)
  const grave = isGrave(problem)
  return (
    <section class={grave ? "banner grave" : "banner"} role={grave ? "alert" : "status"}>
      <Icon name={grave ? "warning" : "info"} />
      <div class="banner-words">
        <strong>{said.title}</strong>
        <p>
          {said.safe} {said.next}
        </p>
      </div>
      {action === undefined ? null : (
        <button type="button" class="button" onClick={action.run}>
          {action.label}
        </button>
      )}
      <button type="button" class="button bare" aria-label={words.problems.dismiss} onClick={onDismiss}>
        <Icon name="close" />
      </button>
    </section>
  )
}

/** The banners above the screen: the most serious one is open, more of them wait behind it. */
export function ProblemBanners({ app }: { readonly app: App }) {
  const problem = app.problems.value[0]
  if (problem === undefined) return null
  return (
    <ProblemBanner
      key={problem.kind}
      problem={problem}
      onDismiss={() => app.dismiss(problem)}
      action={actionFor(problem, app)}
    />
  )
}

function actionFor(problem: Problem, app: App): ProblemBannerProps["action"] {
  const place = app.place.value
  if (problem.kind === "disk-full" && place.at === "document") {
    return { label: words.places.download, run: () => void place.document.download("text") }
  }
  if (
    (problem.kind === "newer-protocol" || problem.kind === "link-from-newer-version") &&
    app.updateWaiting.value
  ) {
    return { label: words.update.take, run: () => app.takeUpdate() }
  }
  return undefined
}

interface ProblemScreenProps {
  readonly problem: Problem
  /** Null: the app cannot run here, and there is nowhere else to go. */
  readonly app: App | null
}

/** The whole screen: nothing else can be shown until this is settled. */
export function ProblemScreen({ problem, app }: ProblemScreenProps) {
  const said = problemWords(problem)
  // Without secure storage there is no list of documents to go to either.
  const homeless = problem.kind === "no-indexeddb" || problem.kind === "no-secure-context"
  const action = app === null ? undefined : actionFor(problem, app)
  return (
    <main class="problem-screen" id="main" tabIndex={-1}>
      <Glyph shape="broken" size={72} />
      <h1>{said.title}</h1>
      <p>{said.safe}</p>
      <p>
        <strong>{said.next}</strong>
      </p>
      <div class="actions">
        {action === undefined ? null : (
          <button type="button" class="button primary" onClick={action.run}>
            {action.label}
          </button>
        )}
        {problem.kind === "unexpected" ? (
          <button type="button" class="button primary" onClick={() => location.reload()}>
            {words.problems.reload}
          </button>
        ) : null}
        {app === null || homeless ? null : (
          <button type="button" class="button" onClick={() => app.go("home")}>
            {words.problems.home}
          </button>
        )}
      </div>
    </main>
  )
}
