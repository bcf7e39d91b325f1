import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Where Chromium or Chrome is found: `RONDO_BROWSER`, or where Debian, Google's packages and macOS put it. */
const PLACES = [
  process.env.RONDO_BROWSER,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Why tests of pages are left out, for node:test's `skip`; false where there is a browser. Where `RONDO_TEST_BROWSER` is `required`, as in CI, they
 * are never left out and fail instead.
 */
export function withoutBrowser(): string | false {
  if (browserPath() !== undefined || process.env.RONDO_TEST_BROWSER === "required") return false;
  return "no Chromium or Chrome on this machine: install one, or name its program in RONDO_BROWSER";
}

/** A real browser; errors of its pages and requests that fail are collected in `problems`. */
export interface OpenBrowser extends AsyncDisposable {
  readonly problems: readonly string[];
  openPage(url: string): Promise<Page>;
}

/** Starts Chromium without a window. Throws where there is none. */
export async function openBrowser(): Promise<OpenBrowser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error("There is no browser on this machine.");
  // Root has no sandbox in Debian's package; the pages are our own.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser: Browser = await chromium.launch({ executablePath, args });
  const problems: string[] = [];
  return {
    problems,
    async openPage(url) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.setDefaultTimeout(20_000);
      page.on("pageerror", (error) => problems.push(`${error.name}: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(`${message.location().url}: ${message.text()}`);
      });
      page.on("requestfailed", (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
      await page.goto(url);
      return page;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

function browserPath(): string | undefined {
  return PLACES.find((path) => path !== undefined && existsSync(path));
}
