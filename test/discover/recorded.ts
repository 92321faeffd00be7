import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Arrived, Script } from "../support/upstream.ts";

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Answers of a server by "METHOD /path", or with the JSON of the request after it; what is not there is 404. */
export type Answers = Readonly<Record<string, Answer>>;

/** What a real server answered. */
export function recorded(name: string): Answers {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, `../recordings/discover/${name}.json`), "utf8")) as Answers;
}

export const said = (bodies: Readonly<Record<string, unknown>>): Answers =>
  Object.fromEntries(Object.entries(bodies).map(([key, body]) => [key, { body }]));

export function answering(answers: Answers): Script {
  return (request, response) => {
    const { status = 200, headers, body } = find(answers, request) ?? { status: 404, body: { error: "not found" } };
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

function find(answers: Answers, { method, path, text }: Arrived): Answer | undefined {
  return answers[`${method} ${path} ${text}`] ?? answers[`${method} ${path}`];
}
