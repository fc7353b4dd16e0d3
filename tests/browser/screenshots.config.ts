// Takes the pictures of the README and the manifest (screenshots.ts): no test, and run by hand alone.
import { defineConfig } from "@playwright/test"

export default defineConfig({
  testDir: ".",
  testMatch: "screenshots.ts",
  timeout: 120_000,
  reporter: [["list"]],
})
