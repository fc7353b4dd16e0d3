// The files of vectors are what tests/vectors/make.ts makes, byte for byte. With -u they are written anew; once the
// log is finished that is a change of the protocol.
import { expect, test } from "vitest"
import { makeVectors } from "../../vectors/make"

for (const [name, content] of Object.entries(await makeVectors()))
  test(`${name} is what is made`, async () => {
    await expect(content).toMatchFileSnapshot(`../../vectors/${name}`)
  })
