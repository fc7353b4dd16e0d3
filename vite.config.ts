// One configuration, two programs: the browser app (default), whose build ends by bundling the service worker and
// giving it the list of all files; and the relay (`--mode relay`), bundled for Node so that `npm start` needs no
// TypeScript loader at run time.
import { createHash } from "node:crypto"
import { readdir, readFile, rm } from "node:fs/promises"
import { join } from "node:path"
import { build, defineConfig, type Plugin } from "vite"
import { injectManifest } from "workbox-build"
import { version } from "./package.json"
import { catalogues } from "./src/ui/words/compile.ts"

const APP = "dist/app"

export default defineConfig(({ mode }) => {
  if (mode === "relay") {
    return {
      publicDir: false,
      build: { ssr: "src/relay/main.ts", outDir: "dist/relay", target: "node20", sourcemap: true },
      define: { __VERSION__: JSON.stringify(version) },
    }
  }
  return {
    build: {
      outDir: APP,
      target: "es2022",
      sourcemap: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          // All that the first key needs is one file: many small ones compress worse, and none is needed without the rest.
          // So are the parts of screens that several of them have.
          codeSplitting: {
            groups: [
              { name: "first", tags: ["$initial"], priority: 1 },
              { name: "screens", test: /\/src\/(ui|editor)\//, minShareCount: 2 },
            ],
          },
          // By its name the service worker knows a language, of which it keeps one.
          chunkFileNames: ({ facadeModuleId }) => {
            const language = /\/([a-z]+)\.json\?words$/.exec(facadeModuleId ?? "")?.[1]
            return language ? `assets/language-${language}-[hash].js` : "assets/[name]-[hash].js"
          },
        },
      },
    },
    define: { __VERSION__: JSON.stringify(version) },
    plugins: [catalogues(), devStyles(), withoutUnused(), lateStyles(), serviceWorker()],
  }
})

/** Vite's own server puts styles into the page, which our policy forbids: it is relaxed there, and only there. */
function devStyles(): Plugin {
  return {
    name: "sheaf-dev-styles",
    apply: "serve",
    transformIndexHtml: html => html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  }
}

/**
 * The app's styles come after the shell: a browser paints what stands before a style sheet while that is on its way, and
 * runs the app, a deferred script, when it is here.
 */
function lateStyles(): Plugin {
  return {
    name: "sheaf-late-styles",
    apply: "build",
    enforce: "post",
    transformIndexHtml(html) {
      const styles = html.match(/ *<link rel="stylesheet"[^>]*href="\/assets\/[^>]*>\n/g) ?? []
      if (styles.length === 0) throw new Error("the page has no styles of the app")
      const bare = styles.reduce((page, each) => page.replace(each, ""), html)
      return bare.replace("  </body>", `${styles.join("")}  </body>`)
    },
  }
}

/**
 * What two libraries make when they are loaded and nobody here asks for: schemas of the DOM, ProseMirror's own keymaps.
 * The bundler cannot know that making them does nothing else: they are left out here.
 */
function withoutUnused(): Plugin {
  return {
    name: "sheaf-without-unused",
    apply: "build",
    transform: {
      filter: { id: /node_modules\/(lib0\/dom|prosemirror-commands\/dist\/index)\.js$/ },
      handler: (code, id) => {
        const less = code
          .replaceAll("= $.$custom(", "= /* @__PURE__ */ $.$custom(")
          .replace(/= (splitBlockAs|selectTextblockSide)\(/g, "= /* @__PURE__ */ $1(")
          .replace(/let backspace = chainCommands[\s\S]*(?=export \{)/, "")
          .replace(/\b(baseKeymap|macBaseKeymap|pcBaseKeymap), /g, "")
        if (less === code) throw new Error(`${id} is not what it was: look at it anew`)
        return less
      },
    },
  }
}

/** Bundles `sw/service-worker.ts` as one classic script and precaches every file of the build but the maps. */
function serviceWorker(): Plugin {
  const bundled = `${APP}/service-worker.bundle.js`
  return {
    name: "sheaf-service-worker",
    // Not where the app is only built to be weighed.
    apply: ({ build }, { command }) => command === "build" && build?.write !== false,
    enforce: "post",
    async closeBundle() {
      await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        define: {
          "process.env.NODE_ENV": JSON.stringify("production"),
          __RELEASE__: JSON.stringify({ version, hash: await hashOf(APP), notes: await notesOf(version) }),
        },
        build: {
          outDir: APP,
          emptyOutDir: false,
          target: "es2022",
          lib: {
            entry: "sw/service-worker.ts",
            formats: ["iife"],
            name: "sheaf",
            fileName: () => "service-worker.bundle.js",
          },
        },
      })
      const { count, warnings } = await injectManifest({
        swSrc: bundled,
        swDest: `${APP}/service-worker.js`,
        globDirectory: APP,
        globPatterns: ["**/*"],
        globIgnores: ["**/*.map", "service-worker*.js", "s/*"],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        dontCacheBustURLsMatching: /^assets\//,
      })
      if (count === 0 || warnings.length > 0)
        throw new Error(`the precache is not whole: ${warnings.join("; ")}`)
      await rm(bundled)
    },
  }
}

/** One hash over every file of the build but the maps: who builds the same source sees the same sixteen digits. */
async function hashOf(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const hash = createHash("sha256")
  const paths = files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
  for (const path of paths.filter(each => !each.endsWith(".map")).sort())
    hash.update(path).update(await readFile(path))
  return hash.digest("hex").slice(0, 16)
}

/** What docs/news.md says is new in a version, line by line. */
async function notesOf(wanted: string): Promise<string[]> {
  const news = await readFile("docs/news.md", "utf8")
  const chapter = news.split(/^## /m).find(each => each.startsWith(`${wanted}\n`))
  if (!chapter) throw new Error(`docs/news.md says nothing of version ${wanted}`)
  return (chapter.match(/^- .*$/gm) ?? []).map(line => line.slice(2))
}
