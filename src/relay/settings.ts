// What an operator may set, read once from the environment. A setting that cannot be understood stops the relay
// with a sentence that names it: a quota that silently fell back to its default would be found out too late.

export interface Settings {
  /** null: 8787, or the next free one. */
  readonly port: number | null
  /** The address to listen on; null: all of them. */
  readonly host: string | null
  /** The folder of the one database file. */
  readonly dataFolder: string
  /** Only ends that bring this token may use the relay; null: anyone. */
  readonly token: string | null
  /** How many proxies in front of the relay set X-Forwarded-For; 0: none, and the header is not believed. */
  readonly proxies: number
  readonly logLevel: LogLevel
  readonly limits: Limits
}

/** What one end, one grant, one document and the whole may use (protocol §11). */
export interface Limits {
  readonly documentBytesMax: number
  /** One grant's share of a document's quota, as its divisor. */
  readonly grantsPerDocumentQuota: number
  /** All documents together. */
  readonly storeBytesMax: number
  readonly addressConnectionsMax: number
  readonly addressBytesPerMinute: number
  /** New documents that one address may bring in an hour. */
  readonly addressDocumentsPerHour: number
  readonly seatBytesPerMinute: number
  /** What may wait for one slow reader before it is closed. */
  readonly waitingBytesMax: number
  /** Documents that are kept open while nobody uses them. */
  readonly idleDocumentsMax: number
  /** What those may take on the disk, all together: their indices in memory take about a fifth of it. */
  readonly idleBytesMax: number
}

export const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug"] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const MIB = 1024 * 1024
const GIB = 1024 * MIB

export const DEFAULT_LIMITS: Limits = {
  documentBytesMax: 200 * MIB,
  grantsPerDocumentQuota: 4,
  storeBytesMax: 50 * GIB,
  // A whole co-operative may sit behind one address.
  addressConnectionsMax: 200,
  addressBytesPerMinute: 256 * MIB,
  addressDocumentsPerHour: 2_000,
  seatBytesPerMinute: 64 * MIB,
  waitingBytesMax: 32 * MIB,
  idleDocumentsMax: 500,
  idleBytesMax: 512 * MIB,
}

/** A setting that cannot be understood. The message is meant for the operator. */
export class SettingError extends Error {
  override readonly name = "SettingError"
}

/** Reads the environment. Throws SettingError. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const text = (name: string): string | null => environment[name]?.trim() || null
  const whole = (name: string, max: number): number | null => {
    const value = text(name)
    if (value === null) return null
    if (!/^\d+$/.test(value) || Number(value) > max)
      throw new SettingError(`${name} must be a whole number of at most ${max}, but it is "${value}".`)
    return Number(value)
  }
  const mebibytes = (name: string, unset: number): number => {
    const value = whole(name, 2 ** 30)
    return value === null ? unset : value * MIB
  }
  return {
    port: whole("PORT", 65_535),
    host: text("SHEAF_HOST"),
    dataFolder: text("SHEAF_DATA") ?? "data",
    token: text("SHEAF_TOKEN"),
    proxies: whole("SHEAF_PROXIES", 10) ?? 0,
    logLevel: logLevel(text("SHEAF_LOG")),
    limits: {
      ...DEFAULT_LIMITS,
      documentBytesMax: mebibytes("SHEAF_DOCUMENT_MIB", DEFAULT_LIMITS.documentBytesMax),
      storeBytesMax: mebibytes("SHEAF_DISK_MIB", DEFAULT_LIMITS.storeBytesMax),
      addressConnectionsMax: whole("SHEAF_CONNECTIONS", 100_000) ?? DEFAULT_LIMITS.addressConnectionsMax,
      addressBytesPerMinute: mebibytes("SHEAF_MINUTE_MIB", DEFAULT_LIMITS.addressBytesPerMinute),
    },
  }
}

function logLevel(value: string | null): LogLevel {
  if (value === null) return "info"
  const level = LOG_LEVELS.find(known => known === value)
  if (!level)
    throw new SettingError(`SHEAF_LOG must be one of ${LOG_LEVELS.join(", ")}, but it is "${value}".`)
  return level
}
