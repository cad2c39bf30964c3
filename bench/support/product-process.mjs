/** `node product-process.mjs SIZE MS`: multiplies two matrices for so long, prints the median CPU seconds of one product. */
import { createEngine } from "../../dist/index.js";
import { matmul } from "../../dist/ops/index.js";

const [size, duration] = process.argv.slice(2).map(Number);
const engine = await createEngine();
const [a, b] = [0.5, 0.25].map((value) => engine.tensor(value, [size, size], { persistent: true }));
const seconds = [];
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
// CPU time is booked in steps, so a sample is some 50 ms.
const repeats = Math.max(1, Math.round(2e9 / (2 * size ** 3)));
const end = performance.now() + duration;
do {
  const start = cpu();
  for (let i = 0; i < repeats; i++) engine.scope(() => void matmul(a, b));
  seconds.push((cpu() - start) / repeats);
} while (performance.now() < end);
seconds.sort((x, y) => x - y);
console.log(seconds[seconds.length >> 1]);
