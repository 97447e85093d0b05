// Debian's Chromium, and a page that remembers every request that failed, every message of the console that is an error and every address beside ours.
import { chromium } from "playwright-core";

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });

// `others`: addresses of other servers that the page may ask, too.
export async function open(browser, url, path, { others = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("requestfailed", (request) => {
    // A picture that is no longer wanted (a viewer moved on) is given up by the browser: no fault of ours.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") faults.push(`${request.failure()?.errorText} ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on("request", (request) => {
    if (/^https?:/.test(request.url()) && ![url, ...others].some((place) => request.url().startsWith(place))) faults.push(`a request to another server: ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  await page.goto(url + path, { waitUntil: "load" });
  return { page, context, faults };
}

// Waits until the page has asked for nothing during `quiet` milliseconds.
export async function settled(page, quiet = 900, limit = 30000) {
  let last = Date.now();
  const touch = () => (last = Date.now());
  for (const event of ["request", "requestfinished", "requestfailed"]) page.on(event, touch);
  const end = Date.now() + limit;
  while (Date.now() - last < quiet && Date.now() < end) await page.waitForTimeout(100);
  for (const event of ["request", "requestfinished", "requestfailed"]) page.off(event, touch);
}
