// The start-up self-test of a fast verifier: it is used only if it answers what tweetnacl answers, yes and no, on
// plain vectors and on the edges that strict.ts leaves open (protocol §3). Those are keys and Rs with a part of
// small order: a verifier that multiplies by the cofactor, or that does not reduce the hash below L, differs there.
import type { Ed25519Verify } from "./signing"
import { hex } from "./strict"

interface Vector {
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
  readonly good: boolean
}

// All over the message "sheaf". Made by tests/unit/crypto/curve.ts from the seed of 32 bytes 0x07; the tests make them again.
const MESSAGE = hex("7368656166")
const KEY = hex("ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c")
/** A seed, and the public key that every Ed25519 derives from it. */
export const PROBE = { seed: new Uint8Array(32).fill(7), publicKey: KEY } as const

const TORSIONED_KEY = hex("1f4f580e73ac208f06760190e9edc6f5916775dabd9c1cdca393175c2d6d1083")
const GOOD = hex(
  "2992b62f27ccf996cd2dc12b3e1461ea2df65ea90e59818b5ea6408d8ab1afa9019606696b5f74b8bcbd4807f792e04c62f35a9a9c557a9c141e247f2d12b908",
)

const VECTORS: readonly Vector[] = [
  { publicKey: KEY, signature: GOOD, good: true },
  { publicKey: KEY, signature: flipped(GOOD, 0), good: false },
  { publicKey: KEY, signature: flipped(GOOD, 40), good: false },
  { publicKey: TORSIONED_KEY, signature: GOOD, good: false },
  {
    // Its hash is a multiple of 8, so the small part of the key falls away.
    publicKey: TORSIONED_KEY,
    signature: hex(
      "b862409fb5c4c4123df2abf7462b88f041ad36dd6864ce872fd5472be363c5b117b3de7abaeedd0d4239ee71776e423d9bd700a6d8727f4c029dd339de7b5c0d",
    ),
    good: true,
  },
  {
    // Its hash is not: good only to a verifier that multiplies by 8.
    publicKey: TORSIONED_KEY,
    signature: hex(
      "f47e49f9d07ad2c1606b4d94067c41f9777d4ffda709b71da1d88628fce34d85abbd678f8d497f6bbebdabe7223ac3c7f42f56eee0a4a340219dadba1afc8f04",
    ),
    good: false,
  },
  {
    // The same with R.
    publicKey: KEY,
    signature: hex(
      "40a4cf5c611d737a2f1c6fcca84d9cabfed80987f186a5a6c57e629bff1af27f45d96b79e689ff6ccd3975b57ebea0a48aa3f81d747d49797d9b5281eeaaa401",
    ),
    good: false,
  },
]

/** Whether `fast` may stand in for the base. A verifier that throws may not; nothing escapes. */
export async function agreesWithBase(fast: Ed25519Verify): Promise<boolean> {
  try {
    for (const { publicKey, signature, good } of VECTORS)
      if ((await fast(MESSAGE, signature, publicKey)) !== good) return false
    return !(await fast(MESSAGE.subarray(1), GOOD, KEY))
  } catch {
    // The platform has no Ed25519, or hides it outside a secure context: the base serves, only slower.
    return false
  }
}

function flipped(signature: Uint8Array, at: number): Uint8Array {
  return signature.map((byte, index) => (index === at ? byte ^ 1 : byte))
}
