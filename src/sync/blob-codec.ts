// The bytes of what the conversation says about blobs, behind the slot (protocol §6).
import { FormatError } from "../bytes/errors"
import { type BlobId, HASH_BYTES, idBytes, idOf } from "../bytes/ids"
import type { Reader } from "../bytes/reader"
import type { Writer } from "../bytes/writer"
import { CHUNKS_MAX, SEALED_CHUNK_BYTES_MAX } from "../records/blob"
import {
  BLOBS_PER_MESSAGE_MAX,
  type BlobData,
  type BlobHave,
  type BlobWant,
  PIECES_MAX,
  type Piece,
} from "./messages"

type Holding = BlobHave["holdings"][number]

/** Everything but the slot. */
export function writeBlobs(writer: Writer, message: BlobHave | BlobWant | BlobData): void {
  switch (message.type) {
    case "blob-have":
      writer.list(message.holdings, ({ blobId, pieces }) => {
        writer.bytes(idBytes(blobId))
        // A count of 0 says that it is whole: of what there is nothing of, nothing is said.
        writer.list(pieces === "whole" ? [] : pieces, index => writer.number(index))
      })
      return
    case "blob-want":
      writer.list(message.pieces, piece => writePiece(writer, piece))
      return
    case "blob-data":
      writePiece(writer, message)
      writer.block(message.bytes)
      return
    default:
      message satisfies never
  }
}

export function readBlobHave(reader: Reader): readonly Holding[] {
  return reader.list("blobs", BLOBS_PER_MESSAGE_MAX, () => {
    const blobId = readBlobId(reader)
    let last = -1
    const pieces = reader.list("pieces", CHUNKS_MAX + 1, () => {
      const index = readIndex(reader)
      if (index <= last) throw new FormatError("expected the pieces of a blob in ascending order")
      last = index
      return index
    })
    return { blobId, pieces: pieces.length === 0 ? ("whole" as const) : pieces }
  })
}

export function readBlobWant(reader: Reader): readonly Piece[] {
  return reader.list("pieces", PIECES_MAX, () => readPiece(reader))
}

export function readBlobData(reader: Reader): Piece & { readonly bytes: Uint8Array } {
  return { ...readPiece(reader), bytes: reader.block("a piece of a blob", SEALED_CHUNK_BYTES_MAX) }
}

function writePiece(writer: Writer, { blobId, index }: Piece): void {
  writer.bytes(idBytes(blobId)).number(index)
}

function readPiece(reader: Reader): Piece {
  const blobId = readBlobId(reader)
  return { blobId, index: readIndex(reader) }
}

function readBlobId(reader: Reader): BlobId {
  return idOf<BlobId>(reader.bytes(HASH_BYTES, "a blob"))
}

function readIndex(reader: Reader): number {
  return reader.number("the index of a piece", CHUNKS_MAX)
}
