/** What has to be closed at the end, in the order in which it was opened. */
export type Closing = (() => unknown)[];

/** Closes all of it, the last opened first. An error is thrown only when everything is closed. */
export async function closeAll(closing: Closing): Promise<void> {
  const close = closing.pop();
  if (close === undefined) return;
  try {
    await close();
  } finally {
    await closeAll(closing);
  }
}
