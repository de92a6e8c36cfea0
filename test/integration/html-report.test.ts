import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { html } from "../../src/formats/html.ts";
import type { ScanResult } from "../../src/report/result.ts";
import { resolveChromium } from "../../tools/browser/chromium.ts";
import {
  compliantResult,
  HOSTILE,
  interruptedResult,
  resultSaying,
  scanResult,
} from "../support/scan-result.ts";

const TIMEOUT_MS = 300_000;

/** What escaping is to keep out, let in. */
const INTRUDER = `
  const intruder = document.createElement("div");
  intruder.innerHTML = '<img src="https://evil.example/i.png" onerror="document.title = 1">';
  const script = document.createElement("script");
  script.textContent = "document.title = 'pwned'";
  document.body.append(intruder, script);`;

/** All that axe-core knows, with every detail open. */
const AUDIT = `
  for (const details of document.querySelectorAll("details")) details.open = true;
  axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]));`;

let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "html-report-"));
  // Chromium's own sandbox needs user namespaces, which containers lack; what it opens here is ours.
  browser = await chromium.launch({ executablePath: await resolveChromium(), args: ["--no-sandbox"] });
}, 900_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Errors, warnings and refusals of the page's policy, dialogs, and requests for anything but the file. */
  readonly complaints: readonly string[];
}

interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
  readonly javaScriptEnabled?: boolean;
}

let opened = 0;
async function open(result: ScanResult, look: Look = {}): Promise<Opened> {
  const { colorScheme = "light", width = 1280, javaScriptEnabled = true } = look;
  opened += 1;
  const path = join(folder, `${opened}.html`);
  await writeFile(path, [...html(result, { color: false })].join(""));
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 }, javaScriptEnabled });
  page.setDefaultTimeout(TIMEOUT_MS);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(dialog.message());
    dialog.dismiss().catch(() => undefined);
  });
  const url = pathToFileURL(path).href;
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith(`${url}#`)) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, complaints };
}

const field = (page: Page, name: string) => page.getByRole("combobox", { name });
const rows = (page: Page) => page.locator("#findings-table tbody tr:visible");

describe("the HTML report in a browser", () => {
  it("filters by verdict, account, region and words, and shows all again", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { page, complaints } = await open(scanResult);
    expect(await rows(page).count()).toBe(7);
    await field(page, "Verdict").selectOption("violation");
    expect(await rows(page).count()).toBe(4);
    await field(page, "Region").selectOption("us-east-1");
    expect(await rows(page).count()).toBe(2);
    await page.getByLabel("Text").fill("UNREAD known");
    expect(await rows(page).count()).toBe(1);
    expect(await page.getByRole("status").textContent()).toBe(
      "Showing 1 of 1 matching findings, of 7 in all.",
    );
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => rows(page).count()).toBe(7);
    await field(page, "Account").selectOption("444455556666");
    expect(await rows(page).count()).toBe(3);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("shows everything, and no filters, without a script", { timeout: TIMEOUT_MS }, async () => {
    const { page } = await open(scanResult, { javaScriptEnabled: false });
    expect(await rows(page).count()).toBe(7);
    expect(await page.locator("form").isVisible()).toBe(false);
    await page.close();
  });

  it("is used by keyboard alone", { timeout: TIMEOUT_MS }, async () => {
    const { page, complaints } = await open(scanResult);
    const focused = () => page.evaluate("document.activeElement.textContent");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the findings");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("violation");
    expect(await rows(page).count()).toBe(4);
    for (const _ of ["account", "region", "text"]) await page.keyboard.press("Tab");
    await page.keyboard.type("churn");
    await page.keyboard.press("Enter");
    expect(await rows(page).count()).toBe(1);
    for (const _ of ["clear", "details"]) await page.keyboard.press("Tab");
    expect(await focused()).toBe("Details");
    await page.keyboard.press("Enter");
    expect(await page.locator("details[open] .command").textContent()).toContain(
      "awsscan plan arn:aws:sagemaker:",
    );
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Steps and frameworks");
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("runs and loads nothing that an account says", { timeout: TIMEOUT_MS }, async () => {
    for (const text of HOSTILE) {
      const { page, complaints } = await open(resultSaying(text));
      await page.getByLabel("Text").fill("a");
      expect(complaints, text).toEqual([]);
      await page.close();
    }
  });

  it("would run nothing even where it were not escaped", { timeout: TIMEOUT_MS }, async () => {
    const { page, complaints } = await open(scanResult);
    await page.evaluate(INTRUDER);
    await expect.poll(() => complaints.length).toBeGreaterThanOrEqual(2);
    expect(complaints.join("\n")).toMatch(/Content Security Policy/);
    expect(await page.title()).not.toMatch(/pwned|^1$/);
    await page.close();
  });

  it("stays usable with ten thousand findings", { timeout: TIMEOUT_MS }, async () => {
    const [first] = scanResult.findings;
    if (first === undefined) throw new Error("the fixture has findings");
    const findings = Array.from({ length: 10_000 }, (_, index) => ({ ...first, name: `notebook-${index}` }));
    const { page, complaints } = await open({ ...scanResult, findings });
    expect(await rows(page).count()).toBe(250);
    await page.getByRole("button", { name: "Show 250 more" }).focus();
    await page.keyboard.press("Enter");
    expect(await rows(page).count()).toBe(500);
    expect(await page.evaluate("document.activeElement.closest('tr').textContent")).toContain("notebook-250");
    await page.getByLabel("Text").fill("notebook-9999");
    expect(await rows(page).count()).toBe(1);
    await page.getByLabel("Text").fill("");
    await page.emulateMedia({ media: "print" });
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    expect(await rows(page).count()).toBe(10_000);
    expect(complaints).toEqual([]);
    await page.close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 390]) {
      for (const [what, result] of Object.entries({
        mixed: scanResult,
        compliant: compliantResult,
        interrupted: interruptedResult,
      })) {
        it(`is accessible, ${what}, ${colorScheme}, ${width} px wide`, { timeout: TIMEOUT_MS }, async () => {
          const { page } = await open(result, { colorScheme, width });
          // Through the debugger, past the page's policy.
          await page.addInitScript({ content: axe.source });
          await page.reload();
          const violations = await page.evaluate(AUDIT);
          expect(violations).toEqual([]);
          expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
          await page.close();
        });
      }
    }
  }
});
