// Pauses, hours and caps.
import type { Hours } from "../../sync/budget"

export const trafficWords = {
  menu: "Pause sending…",
  heading: "Pause sending and fetching",
  what: "Keep writing: everything is saved on this device, and goes on by itself when the pause is over.",
  minutes30: "30 minutes",
  hour: "1 hour",
  evening: "Until 18:00 today",
  morning: "Until 08:00 tomorrow",
  pick: "Until a time of my choice",
  pickedLabel: "Paused until",
  start: "Pause",
  paused: (until: string) => `Paused until ${until}`,
  resume: "Resume now",
  clockWentBack: "The clock of this device was put back. Is the pause still meant?",
  budget: "Sending and fetching",
  hours: "Pictures and files",
  hoursWhy: "Text goes at any time.",
  hourNames: {
    any: "At any time",
    "outside-work": "Outside working hours (09:00–17:30, Monday to Friday)",
    night: "Only 22:00–07:00",
  } satisfies Record<Hours, string>,
  cap: "At most, on each connection",
  noCap: "As fast as it goes",
  kBs: (kBs: number) => `${kBs} kB a second`,
} as const
