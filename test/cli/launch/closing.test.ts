import { expect, it } from "vitest";
import { closeAll } from "../../../src/cli/launch/closing.ts";

it("one that cannot be closed keeps none of the others open, and is told when all are", async () => {
  const closed: string[] = [];
  const failing = () => {
    closed.push("failing");
    throw new Error("ENOTEMPTY");
  };
  const slow = async () => {
    await Promise.resolve();
    closed.push("slow");
  };
  await expect(closeAll([() => closed.push("first"), slow, failing, () => closed.push("last")])).rejects.toThrow("ENOTEMPTY");
  expect(closed).toEqual(["last", "failing", "slow", "first"]);
});
