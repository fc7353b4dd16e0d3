// Makes the files of vectors: JSON that any language can read, all bytes in hex, the same at every making.
// `npx vitest run -u tests/unit/records/vectors-made.test.ts` writes them; without -u it compares. Nothing here judges:
// the expectations stand beside the bytes by hand, and vectors.test.ts asks the program.

import { blobVectors } from "./blobs"
import { bundleVectors } from "./bundles"
import { certificateVectors } from "./certificates"
import { envelopeVectors } from "./envelopes"
import { noteVectors } from "./notes"
import { keyVectors, numberVectors, paddingVectors, plainVectors } from "./plains"
import { signatureVectors } from "./signatures"
import { weighingVectors } from "./weighing"
import { records, toHex } from "./world"

/** What a file says of itself, so that it can be read without this program. */
const VERDICTS =
  '"good": taken. "known": held already, nothing changes. "format": not what it claims to be (FormatError). "newer": a version, kind or channel that is not known (NewerVersionError). Anything else: well formed and refused, with this reason (RefusedError). See docs/protocol.md.'

const FILES =
  '"good": a whole file. "wrong-passphrase": its first chunk does not open. Others as everywhere. What is in it is not judged.'
const bundles = await bundleVectors()

/** File name to content. */
export async function makeVectors(): Promise<Readonly<Record<string, string>>> {
  const given = Object.fromEntries(Object.entries(records).map(([name, bytes]) => [name, toHex(bytes)]))
  const file = (content: object) => `${JSON.stringify(content, null, 1)}\n`
  return {
    "signatures.json": file({ vectors: signatureVectors() }),
    "certificates.json": file({ verdicts: VERDICTS, records: given, vectors: certificateVectors() }),
    "weighing.json": file({ vectors: weighingVectors() }),
    "envelopes.json": file({ verdicts: VERDICTS, records: given, vectors: envelopeVectors() }),
    "bundles.json": file({ verdicts: FILES, vectors: bundles }),
    "blobs.json": file({ vectors: await blobVectors() }),
    "notes.json": file({ verdicts: VERDICTS, vectors: noteVectors() }),
    "plains.json": file({ verdicts: VERDICTS, vectors: plainVectors() }),
    "basics.json": file({ numbers: numberVectors(), padding: paddingVectors(), keys: keyVectors() }),
  }
}
