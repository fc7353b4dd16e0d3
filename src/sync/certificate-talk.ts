// Which certificates of one document go over one link: asked for once at a time, given to who has proven itself.
// Sans I/O.
import { encodeBase64url } from "../bytes/base64url"
import type { Log } from "../log/log"
import type { Certificates } from "../records/certificates"
import { typeOf } from "../records/layout"
import { parts } from "./catch-up"
import type { Effect } from "./effects"
import type { Have } from "./messages"

const CERTS_BYTES_MAX = 4 * 1024 * 1024

export class CertificateTalk {
  readonly #slot: number
  readonly #do: (effect: Effect) => void
  /** The other end has asked for them before it had proven itself. */
  #owed = false
  #asked = false
  #level = false
  #hasExplained = false
  #askedFor = ""

  constructor(slot: number, doIt: (effect: Effect) => void) {
    this.#slot = slot
    this.#do = doIt
  }

  /** The other end knew the same certificates when it last said what it holds. */
  get level(): boolean {
    return this.#level
  }

  get owed(): boolean {
    return this.#owed
  }

  owe(): void {
    this.#owed = true
  }

  serve(certificates: readonly Uint8Array[]): void {
    this.#owed = false
    for (const part of parts(certificates, CERTS_BYTES_MAX))
      this.#do({ do: "send", message: { type: "certs", slot: this.#slot, certificates: part } })
  }

  /**
   * Shows whose right was taken back that it was: the epochs, whose key they are not given. Once on a link, and nothing
   * else goes to them.
   */
  explain(certificates: Certificates): void {
    if (this.#hasExplained) return
    this.#hasExplained = true
    this.serve(certificates.all().filter(bytes => ["genesis", "epoch"].includes(typeOf(bytes))))
  }

  /** Asks for all of them, unless they are asked for already. */
  ask(): void {
    if (this.#asked) return
    this.#asked = true
    this.#do({ do: "send", message: { type: "want-certs", slot: this.#slot } })
  }

  /** What was asked for has come, or is not waited for any more. */
  answered(): void {
    this.#asked = false
  }

  // Sets may differ for good (each end refused something of the other's): the same difference is asked about once.
  /** Asks if the other end says that it holds others. */
  compare({ certificates }: Have, log: Log): void {
    const theirs = encodeBase64url(certificates)
    this.#level = theirs === encodeBase64url(log.certificatesDigest())
    if (this.#level || theirs === this.#askedFor) return
    this.#askedFor = theirs
    this.ask()
  }
}
