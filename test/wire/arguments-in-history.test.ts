import { expect, it } from "vitest";
import { argumentsInHistory } from "../../src/wire/arguments-in-history.ts";

it.each([
  [' {"a": 1}\n', ' {"a": 1}\n'],
  ['\ufeff{"a": 1}', '{"a": 1}'],
  ['{"a": 1}\u00a0', '{"a": 1}'],
  ["\ufeff", "{}"],
  ["null", "{}"],
  ['"{\\"a\\": 1}"', '{"a": 1}'],
  ["[1.50] ", '{"input":[1.50]}'],
  ['{"a": ', '{"input":"{\\"a\\": "}'],
])("arguments of a call in history are JSON of an object: %j", (written, sent) => {
  expect(argumentsInHistory(written)).toBe(sent);
});
