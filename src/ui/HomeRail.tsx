// The views of the list: all, pinned, shared, each folder, the trash. A column on a desk, a row of chips on a phone.
import { Icon, type IconName } from "./Icon"
import { ALL, sameView, type View } from "./listing"
import { words } from "./words"

interface HomeRailProps {
  readonly view: View
  readonly folders: readonly string[]
  /** Whether there is anything in the trash. */
  readonly hasTrash: boolean
  readonly onView: (view: View) => void
}

export function HomeRail({ view, folders, hasTrash, onView }: HomeRailProps) {
  const entry = (of: View, icon: IconName, label: string) => (
    <li>
      <button
        type="button"
        class="rail-view"
        aria-current={sameView(of, view) ? "page" : undefined}
        onClick={() => onView(of)}
      >
        <Icon name={icon} />
        <span dir="auto">{label}</span>
      </button>
    </li>
  )
  return (
    <nav class="rail" aria-label={words.home.views}>
      <ul>
        {entry(ALL, "files", words.allDocuments)}
        {entry({ of: "pinned" }, "pin", words.home.pinned)}
        {entry({ of: "shared" }, "people", words.home.shared)}
      </ul>
      {folders.length === 0 ? null : (
        <>
          <h2>{words.home.folders}</h2>
          <ul>{folders.map(folder => entry({ of: "folder", folder }, "folder", folder))}</ul>
        </>
      )}
      {hasTrash || view.of === "trash" ? <ul>{entry({ of: "trash" }, "trash", words.home.trash)}</ul> : null}
    </nav>
  )
}

/** What a view is called, as a heading. */
export function nameOfView(view: View): string {
  switch (view.of) {
    case "all":
      return words.documents
    case "pinned":
      return words.home.pinned
    case "shared":
      return words.home.shared
    case "only-here":
      return words.home.onlyHere
    case "trash":
      return words.home.trash
    case "folder":
      return view.folder
    default:
      return view satisfies never
  }
}
