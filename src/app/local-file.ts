// Files as a browser gives them — chosen, dropped, handed over by another program — the way the app reads them.
import type { LocalFile } from "./model"

/** A file that is read from the disk piece by piece, as often as somebody asks. */
export function localFile(file: File): LocalFile {
  return { name: file.name, pieces: () => piecesOf(file) }
}

// Not every browser lets a stream be walked.
async function* piecesOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value
  } finally {
    await reader.cancel()
  }
}
