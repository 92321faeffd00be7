/** A window in few characters, in the unit that it was given in: "64k" for 65,536, "200k" for 200,000. */
export function tokens(count: number): string {
  const unit = count % 1024 === 0 ? 1024 : 1000;
  return count < 1000 ? String(count) : `${Math.round(count / unit)}k`;
}
