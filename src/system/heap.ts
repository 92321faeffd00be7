/**
 * How V8's heap grows during a session, which lasts for hours beside a model that needs the memory. Left alone, V8 lets the heap grow to about
 * four times what is in use before it collects, and gives new objects 16 MB in two halves: 120 to 160 MB resident, for 90 with these settings.
 */
export const sparing: readonly string[] = ["--heap-growing-percent=70", "--semi-space-growth-factor=1"];
const leftAlone: readonly string[] = ["--heap-growing-percent=0", "--semi-space-growth-factor=2"];

/**
 * Bytes of the requests that are answered in a sparing heap: one of a long conversation is about that large. What more than these have in use
 * does not fit, and is copied by one collection after another, for half of the time that such requests take.
 */
const most = 384 * 1024;
/** Milliseconds for which V8 is left alone after such requests, since more of them may follow. */
const quietTime = 5_000;

let held = 0;
let saving: NodeJS.Timeout | undefined;

/** To be called with the size of a request's body when that has been read, and what it returns when the request has been answered. */
export function holdInHeap(bytes: number): () => void {
  resize(bytes);
  return () => resize(-bytes);
}

function resize(change: number): void {
  const wasLarge = held > most;
  held += change;
  const isLarge = held > most;
  if (isLarge === wasLarge) return;
  clearTimeout(saving);
  if (isLarge) setFlags(leftAlone);
  else saving = setTimeout(save, quietTime).unref();
}

function save(): void {
  setFlags(sparing);
  collect();
}

/** V8 keeps what its heap has grown to until it collects as where memory is short, which takes some 40 ms: not while somebody is answered. */
function collect(): void {
  if (held > 0) {
    // An agent's model answers most of the time: there may be a pause at the next look.
    saving = setTimeout(collect, quietTime).unref();
    return;
  }
  try {
    const session = new (process.getBuiltinModule("node:inspector").Session)();
    session.connect();
    // Node 20 hangs where a session ends while it calls back.
    session.post("HeapProfiler.collectGarbage", () => setImmediate(() => session.disconnect()));
  } catch {
    // Some builds of Node have no inspector, and the permission model refuses it.
  }
}

/** Sets V8's own settings, each as on Node's command line. */
export function setFlags(flags: readonly string[]): void {
  // Not imported at the top, since Node would load it at every start.
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of flags) setFlagsFromString(flag);
}
