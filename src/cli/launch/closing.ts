/** What has to be ended when something else has, the last first. */
export type Closing = (() => unknown)[];

/** Ends all of it. What one of them fails with is thrown when none is open any more. */
export async function closeAll(closing: Closing): Promise<void> {
  const close = closing.pop();
  if (close === undefined) return;
  try {
    await close();
  } finally {
    await closeAll(closing);
  }
}
