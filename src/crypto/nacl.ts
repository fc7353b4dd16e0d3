// The one file that imports tweetnacl. The rest of crypto/ builds on these functions and nothing else.
import nacl from "tweetnacl"

export const { sign, secretbox, box, hash, scalarMult } = nacl
