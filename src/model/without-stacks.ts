/**
 * For what makes errors of a text's faults and throws them away. V8 gathers a stack for each, which costs ten times what reading the text does:
 * seconds for each megabyte of short lines that are no JSON.
 */
export function withoutStacks<Result>(act: () => Result): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return act();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
