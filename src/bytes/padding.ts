// How long a sealed body may look (protocol §4): a floor of 128 bytes, doubling steps up to 4 KiB, then Padmé
// (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, §4),
// which wastes at most 12 % and leaks O(log log n) bits of the length.

/** The padded length for `length` bytes of plain. Never shorter than `length`. */
export function paddedLength(length: number): number {
  for (let step = 128; step <= 4096; step *= 2) if (length <= step) return step
  const exponent = Math.floor(Math.log2(length))
  const free = exponent - (Math.floor(Math.log2(exponent)) + 1)
  const unit = 2 ** free
  return Math.ceil(length / unit) * unit
}
