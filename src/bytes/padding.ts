// How long a sealed body may look (protocol §4): a floor of 128 bytes, doubling steps up to 4 KiB, then Padmé
// (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, §4),
// which wastes at most 12 % and leaks O(log log n) bits of the length.

const FLOOR_BYTES = 128
const DOUBLING_BYTES_MAX = 4096

/** The padded length for `length` bytes of plain, below 2^31. Never shorter than `length`; padding it again adds nothing. */
export function paddedLength(length: number): number {
  for (let step = FLOOR_BYTES; step <= DOUBLING_BYTES_MAX; step *= 2) if (length <= step) return step
  const exponent = floorLog2(length)
  const unit = 2 ** (exponent - (floorLog2(exponent) + 1))
  return Math.ceil(length / unit) * unit
}

// Not Math.log2, which the language leaves to the engine's taste: a reader refuses a wrong padding, and must do so
// everywhere or nowhere.
function floorLog2(value: number): number {
  return 31 - Math.clz32(value)
}
