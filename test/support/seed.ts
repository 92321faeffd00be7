// `FCC_SEED=7 npm test` gives the laws the same inputs as another run with that seed; without it each run has its own.
const seed = process.env["FCC_SEED"];
if (seed !== undefined) {
  const { configureGlobal } = await import("fast-check");
  configureGlobal({ seed: Number(seed) });
}

export {};
