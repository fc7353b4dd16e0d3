// Taking back under open documents: a new epoch goes on under the fingers; what lies beyond a cut leaves the document;
// what somebody has built upon stays, everywhere alike.
import { expect, test } from "vitest"
import type { PublicKey } from "../../../src/bytes/ids"
import { accessOf } from "../../../src/people/access"
import { keysOf, type Membership, type Standing, standingOf } from "../../../src/people/membership"
import { type Change, rotate } from "../../../src/people/rotating"
import { chance } from "../sync/world"
import { carry, Device, type Shared, share, type Tab, until } from "./rig"

const random = chance(77)

function standing(tab: Tab, membership: Membership): Standing {
  const found = standingOf(membership, keysOf(membership), tab.keeper.certificates)
  if (typeof found === "string") throw new Error(found)
  return found
}

function pubOf(membership: Membership): PublicKey {
  return keysOf(membership).grant.publicKey
}

/** The founder changes who may do what, by what this device holds. */
async function change(tab: Tab, shared: Shared, what: Change): Promise<void> {
  const { certificates, log } = tab.keeper
  const { keyring } = standing(tab, shared.founder)
  const headsOf = (grantPub: PublicKey) =>
    log.heads().filter(({ sessionId }) => log.session(sessionId)?.grantPub === grantPub)
  const signer = keysOf(shared.founder).grant
  const epoch = rotate(what, { certificates, signer, keyring, headsOf, random })
  const { refused, durable } = await tab.keeper.addCertificates([epoch])
  expect(refused).toEqual([])
  await durable
}

async function renew(tab: Tab, membership: Membership): Promise<void> {
  const { docId } = tab.keeper
  await tab.replica.renew(accessOf(docId, keysOf(membership), standing(tab, membership)))
}

async function circle(seed: number) {
  const shared = await share(seed)
  const members = { ana: shared.founder, bo: shared.invite("edit"), cy: shared.invite("edit") }
  const devices = {
    ana: new Device(shared, members.ana, seed + 1),
    bo: new Device(shared, members.bo, seed + 2),
    cy: new Device(shared, members.cy, seed + 3),
  }
  return { shared, members, devices }
}

test("a new epoch goes on under the fingers: what is typed then is sealed for who stays", async () => {
  const { shared, members, devices } = await circle(100)
  const ana = await devices.ana.open()
  const bo = await devices.bo.open()
  bo.type(0, "before ")
  await bo.replica.flush()
  await carry(bo, ana)
  await change(ana, shared, { remove: [pubOf(members.cy)] })
  await carry(ana, bo)
  const { clientID } = bo.replica.doc
  bo.type(7, "meanwhile ")
  await renew(bo, members.bo)
  expect(bo.replica.doc.clientID).not.toBe(clientID)
  bo.type(17, "after")
  await bo.replica.flush()
  await carry(bo, ana)
  // The words of the new epoch wait until its key is taken up.
  expect(ana.text()).toBe("before meanwhile ")
  await renew(ana, members.ana)
  await until(() => ana.text() === "before meanwhile after")
  const epochs = new Set(ana.keeper.log.sessions().map(({ epoch }) => epoch))
  expect(epochs.size).toBe(2)
  expect(await bo.sessions.of(bo.keeper.docId), "the old session is finished").toHaveLength(1)
  // Whoever comes later reads both.
  const dee = shared.invite("view")
  await ana.keeper.addCertificates(shared.certificates)
  await change(ana, shared, {})
  const late = await new Device({ ...shared, certificates: ana.keeper.certificates.all() }, dee, 5).open()
  await carry(ana, late)
  expect(late.text()).toBe("before meanwhile after")
  expect(ana.replica.health).toMatchObject({ poison: [], waiting: 0, stuck: null, fault: null })
})

test("what a removed writer wrote beyond the cut leaves the document, wherever it came first", async () => {
  const { shared, members, devices } = await circle(110)
  const ana = await devices.ana.open()
  const bo = await devices.bo.open()
  let cy = await devices.cy.open()
  bo.type(0, "seen ")
  await bo.replica.flush()
  await carry(bo, ana)
  await carry(bo, cy)
  bo.type(5, "unseen ")
  await bo.replica.flush()
  await carry(bo, cy)
  expect(cy.text()).toBe("seen unseen ")
  await change(ana, shared, { remove: [pubOf(members.bo)] })
  await carry(ana, cy)
  await until(() => cy.replica.isOutdated)
  await renew(cy, members.cy)
  cy.type(0, "typed meanwhile ")
  await cy.replica.close()
  cy = await devices.cy.open()
  expect(cy.text()).toBe("typed meanwhile seen ")
  expect(cy.replica.health.aside, "Bo's words are not Cy's to take back").toEqual([])
  await cy.replica.flush()
  await carry(cy, ana)
  await renew(ana, members.ana)
  await until(() => ana.text() === "typed meanwhile seen ")
  expect(ana.keeper.log.digest()).toEqual(cy.keeper.log.digest())
  // Here it is held and set aside; where the certificates were first, it is refused.
  expect(cy.keeper.log.beyond()).toHaveLength(1)
  expect(ana.keeper.log.beyond()).toHaveLength(0)
  // A crash between the two is harmless: the next start makes the document anew as well.
  devices.cy.restart()
  expect((await devices.cy.open()).text()).toBe("typed meanwhile seen ")
})

test("what somebody has built upon is adopted by itself, and stays for everybody", async () => {
  const { shared, members, devices } = await circle(120)
  const ana = await devices.ana.open()
  const bo = await devices.bo.open()
  const cy = await devices.cy.open()
  bo.type(0, "seen ")
  await bo.replica.flush()
  await carry(bo, ana)
  bo.type(5, "unseen ")
  await bo.replica.flush()
  await carry(bo, cy)
  cy.type(12, "answered")
  await cy.replica.flush()
  await change(ana, shared, { remove: [pubOf(members.bo)] })
  await carry(ana, cy)
  await until(() => cy.keeper.log.beyond().length === 0)
  expect(cy.replica.isOutdated).toBe(false)
  expect(cy.text()).toBe("seen unseen answered")
  // To Ana the adoption comes first, and then what it adopts.
  await carry(cy, ana)
  await carry(cy, ana)
  await until(() => ana.text() === "seen unseen answered")
  expect(ana.keeper.log.digest()).toEqual(cy.keeper.log.digest())
  expect(ana.replica.health).toMatchObject({ poison: [], waiting: 0, fault: null })
})

test("an honest person whose link was withdrawn adopts their own words with a new one", async () => {
  const { shared, members, devices } = await circle(130)
  const ana = await devices.ana.open()
  const bo = await devices.bo.open()
  bo.type(0, "seen ")
  await bo.replica.flush()
  await carry(bo, ana)
  await change(ana, shared, { remove: [pubOf(members.bo)] })
  bo.type(5, "and written on a train ")
  await bo.replica.flush()
  await carry(ana, bo)
  await bo.replica.close()
  const again = { ...shared.invite("edit"), seatSeed: members.bo.seatSeed }
  await ana.keeper.addCertificates(shared.certificates)
  const back = await devices.bo.openAs(again, ana.keeper.certificates.all())
  await until(() => back.keeper.log.beyond().length === 0)
  await until(() => back.text() === "seen and written on a train ")
  await carry(back, ana)
  await carry(back, ana)
  await renew(ana, members.ana)
  await until(() => ana.text() === "seen and written on a train ")
})
