// A page for looking at the screens with made-up models: ?screen=document&theme=dark&dir=rtl.
// Its test builds it for itself; for looking, `vite` serves it at /tests/browser/gallery/. It is no part of the app.
import { render } from "preact"
import { mountBare } from "../../../src/editor/bare"
import { App } from "../../../src/ui/App"
import { NOW } from "./models"
import { screens } from "./screens"

const wanted = new URLSearchParams(location.search)
const theme = wanted.get("theme")
if (theme !== null) localStorage.setItem("sheaf.theme", theme)
const direction = wanted.get("dir")
if (direction !== null) document.documentElement.dir = direction

const make = screens[wanted.get("screen") ?? "document"]
const place = document.getElementById("app")
if (make === undefined || place === null) throw new Error(`screens here: ${Object.keys(screens).join(", ")}`)
render(<App app={make()} mountBare={mountBare} now={() => NOW} version="0.1.0" />, place)
