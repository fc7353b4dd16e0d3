// Node hands out Buffers, whose `slice` is a view where a Uint8Array's is a copy: code below this room that copies
// before it changes something would change what arrived. So Buffers end here.

/** The same bytes as an ordinary array; not a copy. */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}
