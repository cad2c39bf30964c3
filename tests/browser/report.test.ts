import { expect, it } from "vitest";
import { launchChromium } from "../../scripts/browser/chromium.ts";
import { renderReport } from "../../src/report/html.ts";
import { fakeComparison } from "../report/fake-comparison.ts";
import { axeViolations } from "./support/axe.ts";

it("a report has nothing that axe finds wrong, and is never wider than a phone", async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ reducedMotion: "reduce" });
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await page.setContent(renderReport(fakeComparison()));
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
});
