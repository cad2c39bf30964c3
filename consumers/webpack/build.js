import { resolve } from "node:path";
import webpack from "webpack";

webpack(
  {
    mode: "production",
    entry: "./main.js",
    output: { path: resolve("dist"), filename: "main.js", publicPath: "/" },
  },
  (error, stats) => {
    if (error ?? stats.hasErrors()) {
      console.error(`error: ${error ?? stats.toString("errors-only")}`);
      process.exitCode = 1;
    }
  },
);
