import type { Layer } from "./files/layer.ts";

/** What holds before anyone wrote anything. */
export const builtIn: Layer = {
  name: "built-in",
  tree: { profiles: { demo: { model: [{ target: "demo/demo" }] } } },
  where: () => "built in",
};
