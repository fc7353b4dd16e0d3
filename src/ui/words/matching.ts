// Which of several languages is meant by what somebody prefers: also asked by the service worker, which keeps that one.

/** The first code that a preference begins with (`es-MX`: es); null: none does. */
export function matching(codes: readonly string[], preferred: readonly string[]): string | null {
  for (const wanted of preferred) {
    const code = wanted.toLowerCase().split("-")[0]
    if (code !== undefined && codes.includes(code)) return code
  }
  return null
}
