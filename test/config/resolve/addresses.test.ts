import { describe, expect, it } from "vitest";
import { addressesAt, addressesOf, addressFor, kindOf } from "../../../src/config/resolve/addresses.ts";
import { addressOfBind } from "../../../src/config/resolve/bind-address.ts";
import { rows } from "../../../src/providers/index.ts";
import type { Row } from "../../../src/providers/row.ts";

const row = (id: string) => rows[id] as Row;
const at = (written: string, id: string) => {
  const { chat, messages, responses } = addressesAt(written, row(id).speaks);
  return [chat?.baseUrl, messages?.baseUrl, responses?.baseUrl];
};

describe("one written address gives the base of each wire", () => {
  it.each([
    ["bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1", "chat", "/openai/v1"],
    ["bedrock", "http://gateway.lan:4000/api/v1", "chat", "/api/v1"],
    ["bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/anthropic", "messages", "/anthropic"],
    ["vertex", "http://gateway.lan:4000", "chat", "/v1"],
  ])("as of a server of one's own, where it is another's than %s has in its regions: %s", (id, written, wire, path) => {
    expect(addressesOf(row(id), written, undefined)).toEqual({ [wire]: { baseUrl: new URL(written).origin + path } });
  });

  it("of Bedrock, for a region of which only the host is written", () => {
    expect(addressesOf(row("bedrock"), "https://bedrock-mantle.eu-west-1.api.aws", undefined)).toHaveProperty(
      "messages.baseUrl",
      "https://bedrock-mantle.eu-west-1.api.aws/anthropic",
    );
  });

  it.each([
    "http://gpu-box.lan:11434",
    "http://gpu-box.lan:11434/",
    "http://gpu-box.lan:11434/v1",
    "http://gpu-box.lan:11434/v1/",
    "http://gpu-box.lan:11434/v1/chat/completions",
    "http://gpu-box.lan:11434/v1/messages",
    "HTTP://GPU-box.lan:11434/v1/models",
  ])("%s", (written) => {
    expect(at(written, "ollama")).toEqual(["http://gpu-box.lan:11434/v1", "http://gpu-box.lan:11434", "http://gpu-box.lan:11434/v1"]);
  });

  it.each([
    [
      "a path before it",
      "https://team.example/models/vllm",
      "vllm",
      ["https://team.example/models/vllm/v1", "https://team.example/models/vllm", "https://team.example/models/vllm/v1"],
    ],
    [
      "a path and /v1",
      "https://team.example/models/vllm/v1/",
      "vllm",
      ["https://team.example/models/vllm/v1", "https://team.example/models/vllm", "https://team.example/models/vllm/v1"],
    ],
    [
      "another machine keeps the provider's own paths",
      "https://gateway.lan",
      "groq",
      ["https://gateway.lan/openai/v1", undefined, "https://gateway.lan/openai/v1"],
    ],
    [
      "the provider's own stem",
      "https://gateway.lan/openai",
      "groq",
      ["https://gateway.lan/openai/v1", undefined, "https://gateway.lan/openai/v1"],
    ],
    [
      "wires with paths of their own",
      "https://gateway.lan",
      "deepseek",
      ["https://gateway.lan", "https://gateway.lan/anthropic", "https://gateway.lan"],
    ],
    [
      "one of those paths",
      "https://gateway.lan/anthropic",
      "deepseek",
      ["https://gateway.lan", "https://gateway.lan/anthropic", "https://gateway.lan"],
    ],
    ["a default port", "http://gpu.lan:80/v1", "vllm", ["http://gpu.lan/v1", "http://gpu.lan", "http://gpu.lan/v1"]],
    ["an IPv6 address", "http://[fd00::1]:8000", "vllm", ["http://[fd00::1]:8000/v1", "http://[fd00::1]:8000", "http://[fd00::1]:8000/v1"]],
  ])("%s", (_name, written, id, expected) => {
    expect(at(written, id)).toEqual(expected);
  });

  it.each([
    ["http://gpu.lan:11434/api", "ollama", "http://gpu.lan:11434/v1"],
    ["http://gpu.lan:11434/api/chat", "ollama", "http://gpu.lan:11434/v1"],
    ["http://gpu.lan:1234/api/v1/", "lmstudio", "http://gpu.lan:1234/v1"],
    ["http://gpu.lan:1234/api/v0/chat/completions", "lmstudio", "http://gpu.lan:1234/v1"],
    // A gateway's own path.
    ["https://gateway.lan/api", "ollama", "https://gateway.lan/api/v1"],
    ["http://gpu.lan:11434/apis", "ollama", "http://gpu.lan:11434/apis/v1"],
  ])("the address of a server's own API is that of the server: %s for %s", (written, id, expected) => {
    const { speaks, ownApi } = row(id);
    expect(addressesAt(written, speaks, ownApi).chat?.baseUrl).toBe(expected);
  });

  it("the address of every row gives the row", () => {
    for (const { id, speaks } of Object.values(rows)) {
      for (const { baseUrl } of Object.values(speaks)) {
        const same = new Set(Object.values(speaks).map((wire) => new URL(wire.baseUrl).origin)).size === 1;
        if (same) expect(addressesAt(baseUrl, speaks), id).toEqual(speaks);
      }
    }
  });

  it.each([
    ["chat", "http://10.0.0.7:9000", "http://10.0.0.7:9000/v1"],
    ["chat", "http://10.0.0.7:9000/v1/", "http://10.0.0.7:9000/v1"],
    ["chat", "https://models.example/inference", "https://models.example/inference"],
    ["chat", "https://models.example/v1/chat/completions", "https://models.example/v1"],
    ["responses", "http://10.0.0.7:9000", "http://10.0.0.7:9000/v1"],
    ["messages", "http://10.0.0.7:9000/v1", "http://10.0.0.7:9000"],
    ["messages", "http://10.0.0.7:9000/anthropic/v1/messages", "http://10.0.0.7:9000/anthropic"],
  ] as const)("%s alone at %s", (wire, written, expected) => {
    expect(addressFor(wire, written)).toBe(expected);
  });
});

describe("an address in a variable may be what a server binds to", () => {
  it.each([
    ["0.0.0.0", "http://127.0.0.1:11434"],
    ["0.0.0.0:8080", "http://127.0.0.1:8080"],
    ["http://0.0.0.0:11434", "http://127.0.0.1:11434"],
    [":8080", "http://127.0.0.1:8080"],
    ["gpu-box", "http://gpu-box:11434"],
    ["gpu-box:1", "http://gpu-box:1"],
    ["  'gpu-box.lan'  ", "http://gpu-box.lan:11434"],
    ["http://gpu-box", "http://gpu-box"],
    ["https://gpu-box", "https://gpu-box"],
    ["https://gpu-box:8443/ollama/", "https://gpu-box:8443/ollama"],
    ["gpu-box/ollama", "http://gpu-box:11434/ollama"],
    ["[::]", "http://[::1]:11434"],
    ["[::]:8080", "http://[::1]:8080"],
    ["::", "http://[::1]:11434"],
    ["[fd00::1]", "http://[fd00::1]:11434"],
    ["::1", "http://[::1]:11434"],
    ["10.0.0.7", "http://10.0.0.7:11434"],
    ["", undefined],
    ["two words", undefined],
    ["ftp://gpu-box", undefined],
    ["gpu-box:port", undefined],
    ["gpu-box:99999", undefined],
    ["http://me:secret@gpu-box", undefined],
  ])("%j", (written, expected) => {
    expect(addressOfBind(written, row("ollama"))).toBe(expected);
  });

  it("of a provider in the cloud needs no scheme either", () => {
    expect(addressOfBind("gateway.example/v1", row("openai"))).toBe("https://gateway.example/v1");
    for (const host of ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
      expect(addressOfBind(`${host}/v1`, row("openai"))).toBe(`http://${host}/v1`);
    expect(addressOfBind("localhost.example", row("openai"))).toBe("https://localhost.example");
  });
});

describe("a server of which only the address is known", () => {
  const kindAt = (host: string) => kindOf({ chat: { baseUrl: `http://${host}:8000/v1` } });

  it.each([
    ...["localhost", "gpu-box", "gpu-box.lan", "gpu.home.arpa", "vllm.svc.cluster.local", "gpu.corp.internal"],
    ...["127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.2", "169.254.1.2"],
    // Tailscale's addresses.
    ...["100.64.0.1", "100.127.255.255"],
    ...["[::1]", "[fd7a:115c:a1e0::1]", "[fe80::1]", "[::ffff:10.0.0.1]"],
  ])("%s is on the user's own machines", (host) => {
    expect(kindAt(host)).toBe("local");
  });

  it.each([
    ...["api.example.com", "local.example.com", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.0.1", "100.128.0.1"],
    ...["[2001:4860:4860::8888]", "[::ffff:8.8.8.8]", "[fec0::1]"],
  ])("%s is elsewhere", (host) => {
    expect(kindAt(host)).toBe("cloud");
  });
});
