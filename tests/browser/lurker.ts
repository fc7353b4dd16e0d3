// Somebody who once saw a document's link, and is in its lobby with a program of their own: they can say anything
// there, under any name, sealed as y-webrtc seals it.
import { webcrypto } from "node:crypto"
import * as decoding from "lib0/decoding"
import * as encoding from "lib0/encoding"
import { WebSocket } from "ws"
import { lobbyOf } from "../../src/links/lobby"
import { parseLink } from "../../src/people/link"

export interface Lurker {
  readonly topic: string
  /** Says something, sealed. */
  say(what: unknown): Promise<void>
  /** Says something as it is. */
  sayRaw(content: unknown): void
  /** What was said here, opened; null: it does not open. */
  open(content: unknown): Promise<unknown>
  /** Everything heard so far. */
  readonly heard: unknown[]
  close(): void
}

/** Enters the lobby of the document that a share link names. */
export async function lurk(relayUrl: string, link: string): Promise<Lurker> {
  const { name: topic, password } = lobbyOf(parseLink(link).docId)
  const key = await keyOf(password, topic)
  const url = new URL("/signal", relayUrl)
  url.protocol = "ws:"
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))
  const publish = (content: unknown) => socket.send(JSON.stringify({ type: "publish", topic, data: content }))
  const heard: unknown[] = []
  const open = (content: unknown) => unseal(content, key)
  socket.on("message", async message => {
    const { type, data } = JSON.parse(message.toString()) as { type: string; data: unknown }
    if (type === "publish") heard.push(await open(data))
  })
  socket.send(JSON.stringify({ type: "subscribe", topics: [topic] }))
  return {
    topic,
    heard,
    open,
    async say(what) {
      publish(await seal(what, key))
    },
    sayRaw: publish,
    close: () => socket.close(),
  }
}

/** A key as y-webrtc derives it from a room's password. */
async function keyOf(password: string, topic: string): Promise<CryptoKey> {
  const text = new TextEncoder()
  const from = await webcrypto.subtle.importKey("raw", text.encode(password), "PBKDF2", false, ["deriveKey"])
  return webcrypto.subtle.deriveKey(
    { name: "PBKDF2", salt: text.encode(topic), iterations: 100_000, hash: "SHA-256" },
    from,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  )
}

async function seal(what: unknown, key: CryptoKey): Promise<string> {
  const plain = encoding.encode(encoder => encoding.writeAny(encoder, what as never))
  const iv = webcrypto.getRandomValues(new Uint8Array(12))
  const body = await webcrypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new Uint8Array(plain))
  const sealed = encoding.encode(encoder => {
    encoding.writeVarString(encoder, "AES-GCM")
    encoding.writeVarUint8Array(encoder, iv)
    encoding.writeVarUint8Array(encoder, new Uint8Array(body))
  })
  return Buffer.from(sealed).toString("base64")
}

async function unseal(content: unknown, key: CryptoKey): Promise<unknown> {
  if (typeof content !== "string") return null
  try {
    const decoder = decoding.createDecoder(new Uint8Array(Buffer.from(content, "base64")))
    decoding.readVarString(decoder)
    const iv = new Uint8Array(decoding.readVarUint8Array(decoder))
    const body = new Uint8Array(decoding.readVarUint8Array(decoder))
    const plain = await webcrypto.subtle.decrypt({ name: "AES-GCM", iv }, key, body)
    return decoding.readAny(decoding.createDecoder(new Uint8Array(plain)))
  } catch (error) {
    if (error instanceof Error) return null // garbage of our own, heard back
    throw error
  }
}
