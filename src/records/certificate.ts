// The certificates behind a document's rights: epochs list grants, grants certify seats, seats certify sessions
// (protocol §2). One file each knows the bytes; whether one counts is for certificates.ts to say.
export {
  type BackKey,
  type Cut,
  decodeEpoch,
  EPOCHS_MAX,
  type EpochCertificate,
  encodeEpoch,
  GRANTS_MAX,
  viewCommitOf,
} from "./epoch"
export { decodeGrantCertificate, encodeGrantCertificate, type Grant, type GrantCertificate } from "./grant"
export { decodeSeat, encodeSeat, type SeatCertificate } from "./seat"
export {
  clientIdOf,
  decodeSession,
  encodeSession,
  type SessionCertificate,
  sessionIdOf,
} from "./session"
