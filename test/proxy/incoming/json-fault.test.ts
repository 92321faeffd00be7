import { expect, it } from "vitest";
import { findJsonFault } from "../../../src/proxy/incoming/json-fault.ts";

it.each<[name: string, text: string, position: number]>([
  ["a string of tens of megabytes", `{"a":"${"x".repeat(30_000_000)}",}`, 30_000_008],
  ["escapes of megabytes", `["${"\\n".repeat(8_000_000)}"x`, 16_000_003],
  ["a nesting of millions", "[".repeat(4_000_000), 4_000_000],
  ["an escape that there is not", '["a\\x"]', 3],
  ["an escape that is cut", '["a\\u12"]', 3],
  ["a backslash at the end", '["a\\', 3],
  ["a tab in a key", '{"a\tb":1}', 3],
  ["a key that is no string", '{"a":1,b:2}', 7],
])("finds the fault behind %s", (_name, text, position) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonFault(text).position).toBe(position);
});
