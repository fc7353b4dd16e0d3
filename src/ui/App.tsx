// The whole interface: chooses the screen for the place where the app is, and keeps above every screen
// what must be seen anywhere: problems, a waiting update, the voice for screen readers.
import "./styles.css"
import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import type { App as AppModel } from "../app/model"
import { DocumentScreen } from "./DocumentScreen"
import type { MountEditor } from "./editing"
import { HomeScreen } from "./HomeScreen"
import { LiveRegion } from "./Live"
import { useLoaded } from "./lazy"
import { PauseChip } from "./Pausing"
import { ProblemBanners, ProblemScreen } from "./Problems"
import { browserShelf, restoreTheme } from "./theme"
import { UpdateChip } from "./UpdateChip"
import { OpeningScreen } from "./Waiting"
import { words } from "./words"

const loadLateScreens = () => import("./late-screens")
const LATE: readonly string[] = ["search", "settings", "help"]

interface AppProps {
  readonly app: AppModel
  /** How the editor is put on the page (the composition root knows). */
  readonly mountEditor: MountEditor
  /** Wall clock ms, for "4 min ago". */
  readonly now: () => number
  /** Of Sheaf, as people name it. */
  readonly version: string
}

export function App(props: AppProps) {
  useLayoutEffect(() => restoreTheme(browserShelf(), document.documentElement), [])
  return (
    <div class="app">
      <ProblemBanners app={props.app} />
      <PauseChip app={props.app} now={props.now} />
      <Screen {...props} />
      <UpdateChip app={props.app} />
      <LiveRegion />
    </div>
  )
}

function Screen({ app, mountEditor, now, version }: AppProps) {
  const place = app.place.value
  const title = windowTitle(place)
  useEffect(() => {
    document.title = title
  }, [title])
  const isLate = LATE.includes(place.at)
  const late = useLoaded(isLate, loadLateScreens)
  const screen = place.at === "document" ? place.document.id : place.at
  useFocusOnScreen(isLate && late === null ? null : screen)
  switch (place.at) {
    case "home":
      return <HomeScreen app={app} now={now} />
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
          mountEditor={mountEditor}
          now={now}
        />
      )
    case "opening":
      return <OpeningScreen title={place.title} />
    case "problem":
      return <ProblemScreen problem={place.problem} app={app} />
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

function windowTitle(place: AppModel["place"]["value"]): string {
  switch (place.at) {
    case "document":
      return words.windowTitle(place.document.title.value)
    case "opening":
      return words.windowTitle(place.title)
    case "search":
    case "settings":
    case "help":
      return words.windowTitle(words[place.at].heading)
    case "home":
    case "problem":
      return words.sheaf
    default:
      return place satisfies never
  }
}
