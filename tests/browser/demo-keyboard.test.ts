/** The page by keyboard alone: a training, its answers, and a model kept. */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { button, demoSetting, openDemo } from "./support/demo-page.ts";

const demo = demoSetting();

interface Focus {
  /** What a screen reader would call it. */
  readonly name: string;
  /** Whether it is drawn as the one with the focus, and is on the screen. */
  readonly visible: boolean;
}

function focused(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const label = element.closest("label");
    const name = element.getAttribute("aria-label") ?? label?.textContent ?? element.textContent;
    // Radio buttons lie under their label's text, which is drawn in their place.
    const drawn = [element, element.nextElementSibling, label].filter((one) => one !== null);
    const { top, bottom } = element.getBoundingClientRect();
    return {
      name: name?.trim() ?? "",
      visible:
        drawn.some((one) => getComputedStyle(one).outlineStyle !== "none") &&
        bottom > 0 &&
        top < innerHeight,
    };
  });
}

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const focus = await focused(page);
    if (focus.name === name) {
      expect(focus, name).toEqual({ name, visible: true });
      return;
    }
    passed.push(focus.name);
  }
  throw new Error(`keyboard: expected "${name}" by Tab, got ${passed.join(" | ")}`);
}

it("is used by keyboard alone, and shows where the focus is", async () => {
  const { page, watch } = await openDemo(demo);
  await tabTo(page, "Emoji: picture + words");
  await page.keyboard.press("ArrowRight");
  expect((await focused(page)).name).toBe("Made numbers: easy + hard");
  await tabTo(page, "Train both");
  await page.keyboard.press("Enter");
  await button(page, "Train both again").waitFor();
  await tabTo(page, "Mute hard");
  await page.keyboard.press("Space");
  await page.locator("#decide .silent").waitFor();
  await tabTo(page, "Keep in this browser");
  await page.keyboard.press("Enter");
  await page.getByText("Kept MLA in this browser.").waitFor();
  expect(watch.errors).toEqual([]);
  await page.close();
});
