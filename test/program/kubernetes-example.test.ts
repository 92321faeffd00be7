import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { modelServer } from "../support/model-server.ts";
import { startUpstream } from "../support/upstream.ts";
import { calls, runs, writeKubectl } from "./kubectl.ts";
import { machineOfEachTest } from "./machine.ts";

const example = (name: string) => readFileSync(resolve(import.meta.dirname, "../../examples/kubernetes", name), "utf8");

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly stringData: Record<string, string>;
  readonly spec: {
    readonly selector: Record<string, unknown>;
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        readonly volumes: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly valueFrom?: { readonly secretKeyRef: { name: string; key: string } } }[];
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
        }[];
      };
    };
  };
}

const parts = parseAllDocuments(example("vllm.yaml"), { strict: true });
const part = (kind: string) => parts.map((one) => one.toJS() as Manifest).find((one) => one.kind === kind) as Manifest;
const settings = parse(example(".fccrc")).providers.cluster as { via: { command: string[] }; key: { command: string[] } };

const machine = machineOfEachTest();

it("the parts of the manifest fit each other", () => {
  expect(parts.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  const [deployment, service, secret] = [part("Deployment"), part("Service"), part("Secret")];
  const { containers, volumes } = deployment.spec.template.spec;
  expect(service.spec.selector).toEqual(deployment.spec.template.metadata.labels);
  expect(deployment.spec.selector["matchLabels"]).toEqual(deployment.spec.template.metadata.labels);
  expect(containers[0]?.ports.map(({ name }) => name)).toContain(service.spec.ports[0]?.targetPort);
  const reference = containers[0]?.env.find(({ name }) => name === "VLLM_API_KEY")?.valueFrom?.secretKeyRef;
  expect(reference?.name).toBe(secret.metadata.name);
  expect(Object.keys(secret.stringData)).toEqual([reference?.key]);
  expect(volumes.map((one) => one.persistentVolumeClaim?.claimName)).toContain(part("PersistentVolumeClaim").metadata.name);
  // No key that anyone could read in this repository, should it be applied as it is.
  expect(example("vllm.yaml")).toContain(`s/${secret.stringData[reference?.key ?? ""]}/$(openssl rand -hex 32)/`);
});

it("the configuration leads to what the manifest makes", () => {
  const [service, secret] = [part("Service"), part("Secret")];
  expect(settings.via.command).toContain(`svc/${service.metadata.name}`);
  expect(settings.via.command.at(-1)).toBe(`:${service.spec.ports[0]?.port}`);
  expect(settings.key.command).toEqual(expect.arrayContaining(["secret", secret.metadata.name]));
  expect(settings.key.command.at(-1)).toContain(`"${Object.keys(secret.stringData)[0]}"`);
});

it("a session runs on it, with kubectl in the middle", async () => {
  const model = part("Deployment").spec.template.spec.containers[0]?.args.find((arg) => arg.startsWith("--served-model-name="));
  const server = await startUpstream(modelServer({ owner: "vllm", key: "from-the-cluster", models: [model?.split("=")[1] ?? ""] }));
  try {
    writeKubectl(machine);
    machine.write("project/.fccrc", example(".fccrc"));
    const ask = `const reply = await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", { method: "POST",
      headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY, "content-type": "application/json" },
      body: JSON.stringify({ model: process.env.OPENAI_MODEL, messages: [{ role: "user", content: "hello" }] }) });
      console.log(reply.status);`;
    const args = ["run", "--config", ".fccrc", "--", process.execPath, "--input-type=module", "-e", ask];
    const env = { KUBE_TARGET: String(server.port), KUBE_KEY: "from-the-cluster" };
    expect(await machine.fcc(args, env)).toMatchObject({ code: 0, stdout: "200\n" });
    expect(server.requests.map(({ headers }) => headers.host)).toContain("vllm.models.svc.cluster.local:8000");
    expect(calls(machine).map(({ args: called, pid }) => [called, runs(pid)])).toEqual([[settings.via.command.slice(1), false]]);
  } finally {
    await server.close();
  }
});
