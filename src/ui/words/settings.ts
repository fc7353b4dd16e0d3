// The settings of this device, and putting Sheaf on its home screen.

import type { ColourName } from "../../app/model"

export const settingsWords = {
  settings: {
    heading: "Settings",
    you: "You",
    device: "This device",
    kept: "This browser keeps what is here.",
    notKept:
      "This browser may clear what is here when it needs room. Install Sheaf, or ask the browser to keep it.",
    unknown: "This browser does not say whether it keeps what is here.",
    keep: "Ask the browser to keep it",
    used: (used: string, most: string) => `${used} used of ${most} that the browser allows.`,
    usedOnly: (used: string) => `${used} used.`,
    version: (version: string) => `Sheaf ${version}`,
    saved: "Saved.",
    save: "Save",
  },

  colours: {
    clay: "Clay",
    moss: "Moss",
    lagoon: "Lagoon",
    plum: "Plum",
    indigo: "Indigo",
    rose: "Rose",
    ochre: "Ochre",
    pine: "Pine",
  } satisfies Record<ColourName, string>,

  install: {
    heading: "Put Sheaf on this device",
    why: "It then opens from its own icon, also without a connection, and the browser keeps your documents.",
    install: "Install Sheaf",
    installed: "Sheaf is installed here.",
    byHand: ["Tap the Share button of the browser.", "Choose “Add to Home Screen”.", "Tap “Add”."],
    byHandWhy:
      "A document that you open in the browser stays in the browser: join it once more from the Sheaf on your Home Screen.",
    none: "This browser does not offer to install Sheaf. Chrome, Edge and Safari do.",
  },
} as const
