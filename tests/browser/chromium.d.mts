/** The path of a Chromium that runs (CHROMIUM_PATH, the system's, Playwright's own), or null. */
export function findChromium(): string | null
