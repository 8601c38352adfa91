// HTML_CodeSniffer through pa11y, one Chromium for all pages of one width.
// Usage: node tools/audit/pa11y.mjs plan.json; prints findings as JSON lines.
import { readFileSync } from "node:fs";
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const { chromium, args, pages, width, schemes } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const browser = await puppeteer.launch({ executablePath: chromium, args, headless: true });
// A window costs more than loading a page, so they share one. A form needs its own: its request stays rewritten.
const shared = await browser.newPage();
for (const page of pages) {
  const tab = page.method === "GET" ? shared : await browser.newPage();
  for (const [round, scheme] of schemes.entries()) {
    await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const result = await pa11y(page.url, {
      browser,
      page: tab,
      // Loaded once; the second scheme looks at the same page.
      ignoreUrl: round > 0,
      viewport: { width, height: 800 },
      standard: "WCAG2AA",
      timeout: 30000,
      method: page.method,
      postData: page.body,
      headers: page.headers,
    });
    for (const issue of result.issues.filter((found) => found.type === "error")) {
      console.log(JSON.stringify({ name: page.name, view: `${width} ${scheme}`, code: issue.code, text: issue.message, at: issue.selector }));
    }
  }
  if (tab !== shared) await tab.close();
}
await browser.close();
