// Which addresses a link in a document may lead to. Documents come from others: an address is drawn as a link
// only if it is http, https or mailto, or relative without a scheme; anything else is shown as plain words.

/** The longest address that is drawn as a link, in UTF-16 units. */
export const ADDRESS_LENGTH_MAX = 2048

/** The address, trimmed, if it is safe to follow; null otherwise. Browsers skip control characters, so any refuses. */
export function safeAddress(address: unknown): string | null {
  if (typeof address !== "string") return null
  const trimmed = address.trim()
  if (trimmed === "" || trimmed.length > ADDRESS_LENGTH_MAX) return null
  for (let i = 0; i < trimmed.length; i++) {
    const unit = trimmed.charCodeAt(i)
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return null
  }
  const scheme = /^([^/?#]*?):/.exec(trimmed)?.[1]
  if (scheme === undefined) return /^[\\/]{2}/.test(trimmed) || trimmed.startsWith("\\") ? null : trimmed
  return /^(https?|mailto)$/i.test(scheme) ? trimmed : null
}
