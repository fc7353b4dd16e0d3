// One document in one conversation: who this end is in it, who the other end has proven to be, and which
// certificates go over. Until the other end has proven a listed grant it gets neither certificates nor envelopes nor
// presence. What comes after that is catch-up.ts. Sans I/O.
import type { DocId } from "../bytes/ids"
import { equalBytes } from "../bytes/writer"
import type { Blobs } from "../log/blobs"
import type { Accepted, Keeper } from "../log/keeper"
import type { Receipt } from "../log/ledger"
import type { Log } from "../log/log"
import type { RefusedItem } from "../log/refusal"
import type { Envelope } from "../records/envelope"
import { BlobTalk } from "./blob-talk"
import { Bucket } from "./bucket"
import { CatchUp, type Supplied } from "./catch-up"
import { CertificateTalk } from "./certificate-talk"
import type { Effect, Surroundings } from "./effects"
import type { Message, Prove, Vector } from "./messages"
import { proofBytes, turned } from "./proofs"
import type { Prover, Seat } from "./shelf"
import { isProvenBad, mayBegin } from "./suspicion"

/** What one says of oneself; whoever passes on what others say, and that is all but who speaks to a relay, says more. */
const PRESENCE_PER_SECOND = 3
const FORK: RefusedItem = { reason: "fork", message: "another branch of a session is held here" }
const PRESENCE_SEATS = 64

export class Slot {
  readonly docId: DocId
  /** The number that labels what is sent. */
  readonly ours: number
  /** The number that labels what comes; null until both ends know that they mean the same document. */
  theirs: number | null = null
  readonly #around: Surroundings
  readonly #seat: Pick<Seat, "certificate" | "grantCertificate">
  #log: Log | null
  #blobs: Blobs | null
  #prover: Prover | null = null
  #proof: Prove | null = null
  #catchUp: CatchUp | null = null
  #blobTalk: BlobTalk | null = null
  /** What a relay was given to begin the document with, while the giver's proof is checked. */
  #founding: readonly Uint8Array[] = []
  readonly #certificates: CertificateTalk
  /** The other end has taken our proof: it has sent HAVE, and from then on listens to what only members may say. */
  #heeded = false
  #announceAgain = false
  /** How many certificates were known when the last envelopes were handed on. */
  #judgedBy = 0
  readonly #presence: Bucket
  /** The document could not be kept when it came: it is asked for again at the next tick. */
  #beginsAgain = false

  constructor(
    docId: DocId,
    ours: number,
    held: Pick<Keeper, "log" | "blobs"> | null,
    seat: Pick<Seat, "certificate" | "grantCertificate">,
    around: Surroundings,
  ) {
    this.docId = docId
    this.ours = ours
    this.#log = held?.log ?? null
    this.#blobs = held?.blobs ?? null
    this.#seat = seat
    this.#around = around
    this.#certificates = new CertificateTalk(ours, this.#do)
    this.#presence = new Bucket(PRESENCE_PER_SECOND * (around.weAreRelay ? 1 : PRESENCE_SEATS), around.now)
  }

  get prover(): Prover | null {
    return this.#catchUp ? this.#prover : null
  }
  get pulling(): boolean {
    return (this.#catchUp?.pulling || this.#blobTalk?.pulling) ?? false
  }

  /** Null until the other end has proven itself. */
  get blobs(): BlobTalk | null {
    return this.#blobTalk
  }

  /** Both ends know that they mean this document: say who we are in it. */
  matched(theirs: number): void {
    if (this.theirs !== null) return
    this.theirs = theirs
    this.#do({ do: "sign-proof", docId: this.docId, bytes: proofBytes(this.docId, this.#around.meeting) })
  }

  proofSigned(signature: Uint8Array): void {
    const { certificate, grantCertificate } = this.#seat
    const grant = grantCertificate ?? new Uint8Array(0)
    const slot = this.ours
    this.#send({ type: "prove", slot, seatCertificate: certificate, grantCertificate: grant, signature })
    if (!this.#log) this.#certificates.ask()
  }

  /** A message about this document came. */
  receive(message: Message): void {
    switch (message.type) {
      case "prove":
        this.#proof = message
        if (this.#log) this.#checkProof([])
        return
      case "certs":
        this.#takeCertificates(message.certificates)
        return
      case "want-certs":
        if (this.#prover && this.#log) this.#certificates.serve(this.#log.certificates.all())
        else this.#certificates.owe()
        return
      default:
        if (message.type === "have") this.#nowHeeded()
        if (this.#catchUp && this.#prover) this.#receiveProven(message, this.#catchUp, this.#prover)
    }
  }

  /** The other end's proof was checked: who it is, or why it is refused. */
  proofChecked(result: Prover | RefusedItem): void {
    if ("reason" in result) {
      this.#founding = []
      const isTaken = this.#log && result.reason === "no-right"
      if (this.#log && isTaken) this.#certificates.explain(this.#log.certificates) // first, so that it is known why
      this.#refuse(result)
      if (result.reason === "bad-proof") this.#close("bad-proof")
      else if (this.#log && !isTaken) this.#certificates.ask() // perhaps it can show what lists it
      return
    }
    this.#prover = result
    if (this.#log) this.#open(this.#log)
    else this.#do({ do: "found", docId: this.docId, certificates: this.#founding, by: result })
    this.#founding = []
  }

  /** This end holds the document now, through this link or another. */
  founded({ log, blobs }: Pick<Keeper, "log" | "blobs">): void {
    if (this.#log) return
    this.#log = log
    this.#blobs = blobs
    this.#certificates.answered()
    if (this.#prover) this.#open(log)
    else if (this.#proof) this.#checkProof([])
  }

  notFounded(refused: RefusedItem): void {
    this.#prover = null
    this.#refuse(refused)
  }

  notBegun(): void {
    this.#prover = null
    this.#certificates.answered()
    this.#beginsAgain = true
  }

  /** What came in CERTS was taken in. */
  certificatesTaken(refused: readonly RefusedItem[]): void {
    this.#certificates.answered()
    if (this.#prover) this.#claims(this.#prover, null, true)
    if (refused.some(({ reason }) => isProvenBad(reason))) this.#close("bad-certificate")
  }

  /** Certificates are new here, whoever brought them. */
  certificatesAdded(certificates: readonly Uint8Array[], byThem: boolean): void {
    if (this.#catchUp && !byThem) this.#certificates.serve(certificates)
    if (this.#prover && this.#log && !this.#log.certificates.roleOf(this.#prover.grantPub)) this.#putOut()
    // What was refused for want of them was refused on this link, whichever link they came by.
    if (this.#announceAgain) this.#catchUp?.announce()
    this.#announceAgain = false
    if (this.#proof && !this.#prover && this.#log) this.#checkProof([])
  }

  accepted(answer: boolean, result: Accepted): void {
    for (const { reason, message, sessionId } of result.refused) {
      if (isProvenBad(reason)) {
        this.hostile({ reason, message })
        return
      }
      if (reason === "fork" && sessionId) this.#catchUp?.forked(sessionId)
      if (reason === "unknown-seat" || reason === "unknown-grant" || reason === "unknown-epoch") {
        // They may have come by another link while these were checked.
        if (this.#log?.certificates.all().length !== this.#judgedBy) this.#catchUp?.announce()
        else {
          this.#announceAgain = true
          this.#certificates.ask()
        }
      } else this.#refuse({ reason, message })
    }
    this.#catchUp?.accepted(answer, result)
    this.#blobTalk?.pull()
  }

  supply(supplied: readonly Supplied[]): void {
    this.#catchUp?.supply(supplied)
  }

  /**
   * Envelopes were appended here, from whatever source. `byThem`: they came over this link. `mayPush`: the link has
   * room for them; otherwise they are announced at the next tick.
   */
  appended(envelopes: readonly Envelope[], byThem: boolean, mayPush: boolean): void {
    // What is appended before the other end listens shows in the digests.
    if (this.#heeded) this.#catchUp?.appended(envelopes, byThem, mayPush)
  }

  receipt(receipt: Receipt): void {
    if (this.#catchUp && this.#heeded) this.#send({ type: "stored", slot: this.ours, receipt })
  }

  /** Something came that no honest end sends: the link ends. */
  hostile(refused: RefusedItem): void {
    this.#refuse(refused)
    this.#close(refused.reason)
  }

  presence(bytes: Uint8Array): void {
    if (this.#catchUp && this.#heeded) this.#send({ type: "presence", slot: this.ours, bytes })
  }

  /** Envelopes that were told of were not kept here. */
  lost(): void {
    this.#catchUp?.lost()
  }

  /** Tells the other end that something of it was not taken. */
  failed(reason: string, message: string): void {
    this.#send({ type: "error", slot: this.ours, reason, message })
  }

  /** Time has passed. */
  tick(now: number): void {
    if (this.#beginsAgain && !this.#log) this.#certificates.ask()
    this.#beginsAgain = false
    this.#catchUp?.tick(now)
    this.#catchUp?.sendNews()
    this.#blobTalk?.tick(now)
  }

  #refuse({ reason, message }: RefusedItem): void {
    this.#do({ do: "report", report: { kind: "refused", docId: this.docId, by: "us", reason, message } })
    this.failed(reason, message)
  }

  #open(log: Log): void {
    if (this.#catchUp) return
    const { now } = this.#around
    const catchUp = new CatchUp(log, this.ours, this.#do, now)
    const isBusy = () => !this.#heeded || catchUp.pulling || !this.#around.mayGoLarge()
    if (this.#blobs)
      this.#blobTalk = new BlobTalk({ blobs: this.#blobs, slot: this.ours, isBusy, do: this.#do, now })
    if (this.#certificates.owed) this.#certificates.serve(log.certificates.all())
    this.#catchUp = catchUp
    catchUp.announce()
    if (this.#heeded) this.#live()
  }

  // Whoever was let in is put out as soon as it is known here that their right was taken back; they were just told.
  #putOut(): void {
    this.#prover = null
    this.#catchUp = null
    this.#blobTalk?.close()
    this.#blobTalk = null
  }

  #nowHeeded(): void {
    if (this.#heeded) return
    this.#heeded = true
    if (this.#catchUp) this.#live()
  }

  /** Both ends have taken each other's proof. */
  #live(): void {
    const { docId } = this
    if (this.#prover) this.#do({ do: "report", report: { kind: "live", docId, by: this.#prover } })
    this.#do({ do: "sign-receipt", docId })
    this.#blobTalk?.begin()
  }

  #receiveProven(message: Message, catchUp: CatchUp, by: Prover): void {
    const { docId } = this
    switch (message.type) {
      case "have":
        if (this.#log) this.#certificates.compare(message, this.#log)
        if (this.#log && equalBytes(message.digest, this.#log.digest())) this.#claims(by, this.#log.vector())
        catchUp.have(message)
        return
      case "vector":
        if (message.whole && !message.buckets) this.#claims(by, message.entries)
        for (const _ of catchUp.vector(message)) this.#refuse(FORK)
        return
      case "buckets":
        catchUp.buckets(message)
        return
      case "want":
        catchUp.want(message)
        return
      case "envelopes":
        this.#judgedBy = this.#log?.certificates.all().length ?? 0
        this.#do({ do: "accept", docId, envelopes: message.envelopes, answer: message.answer })
        return
      case "stored":
        this.#do({ do: "check-receipt", docId, receipt: message.receipt })
        return
      case "presence":
        // A host passes on what others say; who said it is checked where it is opened.
        if (this.#presence.take())
          this.#do({ do: "report", report: { kind: "presence", docId, by, bytes: message.bytes } })
        return
      default:
        throw new Error(`a ${message.type} was handed to a document`)
    }
  }

  // What a cut took out of a log is missing there with good reason, which must be known here before the two are compared.
  #claims(by: Prover, entries: Vector["entries"] | null, informed = this.#certificates.level): void {
    this.#do({ do: "compare-receipts", docId: this.docId, by, entries, informed })
  }

  #checkProof(certificates: readonly Uint8Array[]): void {
    const proof = this.#proof
    if (!proof) return
    const shown = [...certificates, proof.grantCertificate, proof.seatCertificate]
    if (certificates.length > 0) this.#founding = shown.filter(bytes => bytes.length > 0)
    const signed = proofBytes(this.docId, turned(this.#around.meeting))
    this.#do({ do: "check-proof", docId: this.docId, proof: { ...proof, signed }, certificates })
  }

  #takeCertificates(certificates: readonly Uint8Array[]): void {
    if (this.#log) this.#do({ do: "take-certificates", docId: this.docId, certificates })
    // News of a document that is not here yet: with anything but its genesis it cannot begin.
    else if (!mayBegin(certificates[0])) this.#certificates.ask()
    else if (!this.#around.weAreRelay) this.#do({ do: "found", docId: this.docId, certificates, by: null })
    else {
      // A relay takes a document only from somebody who has a right in it.
      if (this.#proof) this.#checkProof(certificates)
      else
        this.#refuse({ reason: "bad-proof", message: "certificates of a new document came before a proof" })
    }
  }

  #close(why: string): void {
    this.#do({ do: "close", why, hostile: true })
  }

  readonly #do = (effect: Effect): void => this.#around.do(effect)

  #send(message: Message): void {
    this.#do({ do: "send", message })
  }
}
