import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { button, demoSetting, openDemo, SHOTS } from "./support/demo-page.ts";
import { fakeDevices, type Scene } from "./support/fake-devices.ts";

/** Bright stripes and a low tone; a dark disc and quick high beeps; then the camera is covered and the beeps go on. */
const low = (t: number) => 0.4 * Math.sin(2 * Math.PI * 330 * t);
const beeps = (t: number) => ((t * 8) % 1 < 0.5 ? 0.4 * Math.sin(2 * Math.PI * 2400 * t) : 0);
const SCENES: readonly Scene[] = [
  { seconds: 11, picture: (_, y) => [y % 24 < 12 ? 235 : 120, 90, 200], sound: low },
  {
    seconds: 11,
    picture: (x, y) => [(x - 80) ** 2 + (y - 60) ** 2 < 1600 ? 30 : 150, 190, 90],
    sound: beeps,
  },
  { seconds: 20, picture: () => [16, 128, 128], sound: beeps },
];

const demo = demoSetting(() => fakeDevices(SCENES));

/** Waits until the red, green and blue in the middle of the camera's picture are as wanted. */
function cameraShows(page: Page, wanted: "stripes" | "disc" | "nothing") {
  return page.waitForFunction(
    (scene) => {
      const video = document.querySelector("video");
      const context = document.createElement("canvas").getContext("2d");
      if (video === null || context === null || video.videoWidth === 0) return false;
      context.drawImage(video, 0, 0, 8, 8);
      const [red = 0, , blue = 0] = context.getImageData(0, 0, 1, 1).data;
      return scene === (red > blue + 40 ? "stripes" : blue > red + 40 ? "disc" : "nothing");
    },
    wanted,
    { timeout: 50_000, polling: 200 },
  );
}

it("learns two classes from camera and microphone; with the camera covered the microphone answers", async () => {
  const { page, watch } = await openDemo(demo);
  await button(page, "Use camera and microphone").click();
  await page.getByLabel("Name").nth(0).fill("stripes");
  await page.getByLabel("Name").nth(1).fill("disc");
  for (const [i, scene] of (["stripes", "disc"] as const).entries()) {
    await cameraShows(page, scene);
    await page.waitForTimeout(800);
    await page.getByRole("button", { name: "Record 3 seconds" }).nth(i).click();
    await page.locator("#own .card").nth(i).getByText("12 pairs").waitFor();
  }
  await button(page, "Train on these").click();
  await button(page, "Train again").waitFor();
  await cameraShows(page, "nothing");
  await page.getByText("it is dark: it has no say").waitFor();
  await page.locator("#own .verdict", { hasText: "It says disc" }).waitFor();
  await page.locator("#own").screenshot({ path: `${SHOTS}/own-classes.png` });
  expect(watch.errors).toEqual([]);
}, 120_000);

it("a denied microphone alone is told, and the camera works without it", async () => {
  const { page, watch } = await openDemo(demo);
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = (asked = {}) => {
      if (asked.audio === undefined) return open(asked);
      const name = asked.video === undefined ? "NotAllowedError" : "NotFoundError";
      return Promise.reject(new DOMException("refused", name));
    };
  });
  await button(page, "Use camera and microphone").click();
  expect(await page.getByRole("alert").textContent()).toMatch(
    /not to let this page use the microphone. Allow it beside the address/,
  );
  await page.waitForFunction(() => (document.querySelector("video")?.videoWidth ?? 0) > 0);
  await page.getByRole("button", { name: "Record 3 seconds" }).first().click();
  await page.locator("#own .card").first().getByText("12 pairs").waitFor();
  expect(watch.errors).toEqual([]);
});

it("a denied camera gets one message with a remedy, and the ready-made recordings still work", async () => {
  const { page, watch } = await openDemo(demo);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException("Permission denied", "NotAllowedError"));
  });
  await button(page, "Use camera and microphone").click();
  expect(await page.getByRole("alert").textContent()).toMatch(/Allow it beside the address/);
  await button(page, "Use ready-made recordings").click();
  await button(page, "Train on these").click();
  await page.locator("#own .verdict", { hasText: "It says" }).waitFor();
  expect(watch.errors).toEqual([]);
});
