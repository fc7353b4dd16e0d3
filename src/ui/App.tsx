// The whole interface: chooses the screen for the place where the app is, and keeps above every screen
// what must be seen anywhere: problems, a waiting update, the voice for screen readers.
import "./styles.css"
import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import type { App as AppModel } from "../app/model"
import { DocumentScreen } from "./DocumentScreen"
import type { MountBare } from "./editing"
import { LiveRegion } from "./Live"
import { useLoaded } from "./lazy"
import { OpeningScreen } from "./Opening"
import { browserShelf, restoreTheme } from "./theme"
import { firstWords } from "./words/first"

const loadHome = () => import("./HomeScreen")
const loadNotices = () => import("./late-notices")
const loadLateScreens = () => import("./late-screens")
const LATE: readonly string[] = ["search", "settings", "help"]

interface AppProps {
  readonly app: AppModel
  /** How a text is put on the page (the composition root knows). */
  readonly mountBare: MountBare
  /** Wall clock ms, for "4 min ago". */
  readonly now: () => number
  /** Of Sheaf, as people name it. */
  readonly version: string
}

export function App(props: AppProps) {
  useLayoutEffect(() => restoreTheme(browserShelf(), document.documentElement), [])
  const notices = useLoaded(props.app.place.value.at !== "opening", loadNotices)
  return (
    <div class="app">
      {notices && <notices.ProblemBanners app={props.app} />}
      {notices && <notices.PauseChip app={props.app} now={props.now} />}
      <Screen {...props} />
      {notices && <notices.UpdateChip app={props.app} />}
      <LiveRegion />
    </div>
  )
}

function Screen({ app, mountBare, now, version }: AppProps) {
  const place = app.place.value
  const isLate = LATE.includes(place.at)
  const late = useLoaded(isLate, loadLateScreens)
  const home = useLoaded(place.at === "home", loadHome)
  const problems = useLoaded(place.at === "problem", loadNotices)
  const title = windowTitle(place, late?.headingOf ?? null)
  useEffect(() => {
    document.title = title
  }, [title])
  const screen = place.at === "document" ? place.document.id : place.at
  const isHere =
    !(isLate && late === null) &&
    !(place.at === "home" && home === null) &&
    !(place.at === "problem" && problems === null)
  useFocusOnScreen(isHere ? screen : null)
  switch (place.at) {
    case "home":
      return home && <home.HomeScreen app={app} now={now} />
    case "search":
      return late && <late.SearchScreen app={app} />
    case "settings":
      return late && <late.SettingsScreen app={app} version={version} />
    case "help":
      return late && <late.HelpScreen app={app} />
    case "document":
      return (
        <DocumentScreen
          key={place.document.id}
          app={app}
          open={place.document}
          mountBare={mountBare}
          now={now}
        />
      )
    case "opening":
      return <OpeningScreen title={place.title} />
    case "problem":
      return problems && <problems.ProblemScreen problem={place.problem} app={app} />
    default:
      return place satisfies never
  }
}

/**
 * When the screen changes, what had the focus is gone with the old one: it goes to the new screen, unless
 * that has taken it already. The first screen leaves it to the browser, so that the skip link comes first.
 */
function useFocusOnScreen(screen: string | null): void {
  const before = useRef(screen)
  useEffect(() => {
    if (screen === null || before.current === screen) return // null: it is on its way
    const isFirst = before.current === null
    before.current = screen
    if (isFirst) return
    if (document.activeElement !== null && document.activeElement !== document.body) return
    document.getElementById("main")?.focus({ preventScroll: true })
  }, [screen])
}

/** @param headingOf how the late screens are called; null: they are on their way */
function windowTitle(
  place: AppModel["place"]["value"],
  headingOf: ((screen: "search" | "settings" | "help") => string) | null,
): string {
  switch (place.at) {
    case "document":
      return firstWords.windowTitle(place.document.title.value)
    case "opening":
      return firstWords.windowTitle(place.title)
    case "search":
    case "settings":
    case "help":
      return headingOf === null ? firstWords.sheaf : firstWords.windowTitle(headingOf(place.at))
    case "home":
    case "problem":
      return firstWords.sheaf
    default:
      return place satisfies never
  }
}
