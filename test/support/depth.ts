/** Whether this Node writes JSON to a certain depth only, as up to Node 24; a later one writes whatever it has read. */
export const isDepthBounded = ((): boolean => {
  let nested: unknown[] = [];
  for (let depth = 0; depth < 20_000; depth++) nested = [nested];
  try {
    JSON.stringify(nested);
    return false;
  } catch {
    return true;
  }
})();
