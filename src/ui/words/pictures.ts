// The words about pictures. A part of words.ts, which tells how they are to sound.
import type { PictureNotice } from "../../editor/pictures"

const MB = 1_000_000

export const pictureWords = {
  /** In the frame, and to a screen reader. */
  inText: {
    waiting: "This picture has not arrived yet.",
    damaged: "This picture was damaged on its way.",
    progress: (here: number, bytes: number) =>
      bytes < MB
        ? `${Math.min(99, Math.floor((100 * here) / bytes))} % here`
        : `${Math.floor(here / MB)} of ${Math.ceil(bytes / MB)} MB`,
    describe: "Describe",
    undescribed: "Picture without a description",
    caption: "Caption",
  },

  notices: {
    "too-large": "That picture is larger than 25 MB. Make it smaller and try again.",
    unreadable: "That file is not a picture this browser can read.",
    remote:
      "Pictures that are only linked were left out: showing one would tell its website who reads this. Save it and put it in from the file.",
    "not-here": "That picture is not whole on this device, so it could not be copied.",
    "no-room": "There was no room for the picture on this device. Free some space and try again.",
    "one-frame": "Only the first picture of the animation was kept.",
  } satisfies Record<PictureNotice, string>,

  describe: {
    heading: "Describe the picture",
    what: "What does it show?",
    why: "For people who cannot see it.",
    decorative: "It only decorates",
    done: "Done",
  },
} as const
