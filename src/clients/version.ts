/** Negative, zero or positive, as the first version is older, the same or newer. What follows a hyphen counts for nothing. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) =>
    version
      .replace(/^v/, "")
      .replace(/[-+].*$/, "")
      .split(".")
      .map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
