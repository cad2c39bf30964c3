using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "engine.wasm", wasm = embed "dist/engine.wasm"),
    (name = "infer.wasm", wasm = embed "dist/infer.wasm"),
  ],
  compatibilityDate = "2025-01-01",
);
