import { expect, it } from "vitest";
import { selectByOptions } from "../../../src/cli/init/options.ts";
import type { Reach } from "../../../src/reach/reach.ts";
import { world } from "../../config/world.ts";

it("a server of another user, which is not taken by itself, is told without a terminal too", async () => {
  const strangers = ["Ollama at http://127.0.0.1:11434 is another user's: name it to use it."];
  const inventory = { servers: [], strangers, keyed: [], clients: [], adoptable: [] };
  const selected = await selectByOptions({ options: {}, configuration: await world().loaded(), inventory, reach: {} as Reach });
  expect(selected).toMatchObject({ refusal: { lines: expect.arrayContaining(strangers) } });
});
