// Roles and what each may do (protocol §2). A role includes all below it.
import { FormatError } from "../bytes/errors"

/** From least to most. The index is the byte on the wire. */
export const ROLES = ["host", "view", "comment", "suggest", "edit", "admin"] as const
export type Role = (typeof ROLES)[number]

/** Whether `role` includes all that `needed` may do. */
export function includes(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

export function roleByte(role: Role): number {
  return ROLES.indexOf(role)
}

/** Throws FormatError on a byte that names no role. */
export function roleOf(byte: number): Role {
  const role = ROLES[byte]
  if (role === undefined) throw new FormatError(`expected a role, got ${byte}`)
  return role
}
