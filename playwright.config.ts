// Browser tests: real Chromium processes against the built app and a real relay. Each test starts its own
// browsers and its own relay on a free port (tests/browser/harness.ts), so nothing is shared between tests, and two can
// run beside each other: mostly they wait. Those that measure are tagged ALONE (harness.ts) and have the machine to
// themselves: `npm run test:browser` runs them afterwards.
import { defineConfig } from "@playwright/test"

export default defineConfig({
  testDir: "tests/browser",
  testMatch: "**/*.spec.ts",
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  forbidOnly: true,
  // Real browsers on a busy two-core machine are late now and then. On CI a test gets one more try, and one that needed
  // it is reported as flaky; at one's own desk there is none.
  retries: process.env["CI"] ? 1 : 0,
  reporter: [["list"]],
})
