import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { folderOfEachTest } from "../../support/folder.ts";
import { profileOf, providerAt, targetOf } from "../../support/provider.ts";
import { launch, messagesRequest } from "../../support/proxy.ts";
import { standStill } from "../../support/stand-still.ts";
import { chatStream } from "../../support/upstream.ts";

const folder = folderOfEachTest();

/** A server in a process of its own, which writes the second part of its stream when it is told to, and a file then. */
async function serverOfTwoParts(parts: readonly [string, string], file: string) {
  const script = `const [first, second] = ${JSON.stringify(parts)};
    require("node:http").createServer((request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(first);
      process.stdin.once("data", () => response.end(second, () => require("node:fs").writeFileSync(${JSON.stringify(file)}, "")));
    }).listen(0, "127.0.0.1", function () { console.log(String(this.address().port)); });`;
  const server = spawn(process.execPath, ["-e", script]);
  onTestFinished(async () => {
    server.kill();
    await once(server, "close");
  });
  const [port] = (await once(server.stdout, "data")) as [Buffer];
  return { url: `http://127.0.0.1:${String(port).trim()}`, goOn: () => server.stdin.write("go") };
}

it("reads the usage that came while the process stood still", async () => {
  const events = chatStream(["Hello"], { prompt_tokens: 1234, completion_tokens: 5, total_tokens: 1239 });
  const stop = events.findIndex((event) => event.includes('"finish_reason":"stop"')) + 1;
  const file = join(folder(), "done");
  const server = await serverOfTwoParts([events.slice(0, stop).join(""), events.slice(stop).join("")], file);
  const proxy = await launch(profileOf([targetOf(providerAt(server.url))]));
  onTestFinished(() => proxy.close());
  const opened = await proxy.open("/v1/messages", messagesRequest());
  while (!opened.text().includes("Hello")) await new Promise((resolve) => setTimeout(resolve, 20));
  server.goOn();
  await standStill(2700, file);
  expect((await opened.whole).text).toContain('"input_tokens":1234');
});
