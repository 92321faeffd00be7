/** How many values an option takes: one, at most one, or all that follow up to the next option. */
type Arity = "one" | "optional" | "many";

export interface OptionTable {
  /** Options that take values, by each of their spellings. All others are flags. */
  readonly valued: Readonly<Record<string, Arity>>;
  /** Other spellings of one option: `{ "-m": "--model" }`. */
  readonly alias: Readonly<Record<string, string>>;
  /** Flags that have to be known, since an option of fcc's is called so too. */
  readonly flags?: readonly string[];
  /** What starts no session on a model: options wherever they stand, and commands. */
  readonly noSession: {
    readonly options: readonly string[];
    readonly commands: ReadonlySet<string>;
    /** Those of the commands that ask a model all the same, with their second word. */
    readonly asking?: readonly string[];
  };
}

/** A table of options from their names, parted by blanks, as a client's own help lists them. */
export function valuedOptions(names: Partial<Readonly<Record<Arity, string>>>): OptionTable["valued"] {
  return Object.fromEntries(
    Object.entries(names).flatMap(([arity, list]) => list.split(" ").map((name): [string, Arity] => [name, arity as Arity])),
  );
}

/** What a client's command line says, as far as a launch must know it. */
export interface Scanned {
  readonly args: readonly string[];
  /** It starts a session on a model. */
  readonly startsSession: boolean;
  /** A session does, and some commands without one. */
  readonly asksModel: boolean;
  /** Each option that was found, in order, with the place and number of its arguments. */
  readonly options: readonly { readonly name: string; readonly value?: string; readonly at: number; readonly length: number }[];
  /** The first argument that is neither an option nor an option's value: a subcommand or a prompt. */
  readonly operand?: string;
}

/** Walks a command line as commander and clap do: `--name value`, `--name=value`, `-n value`, `-nvalue`, up to `--`. */
export function scanOptions(args: readonly string[], { valued, alias, noSession }: OptionTable): Scanned {
  const named = (spelling: string) => (Object.hasOwn(alias, spelling) ? (alias[spelling] ?? spelling) : spelling);
  const arityOf = (name: string) => (Object.hasOwn(valued, name) ? valued[name] : undefined);
  const options: { name: string; value?: string; at: number; length: number }[] = [];
  const operands: string[] = [];
  const isValue = (index: number) => index < args.length && !(args[index] ?? "").startsWith("-");
  for (let at = 0; at < args.length; ) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      operands.push(arg);
      at += 1;
      continue;
    }
    const [spelling, written] = parted(arg, (letter) => arityOf(named(letter)) !== undefined);
    const name = named(spelling);
    // What is written onto an option is all of its value.
    const arity = written === undefined ? arityOf(name) : undefined;
    let length = 1;
    if ((arity === "one" && at + 1 < args.length) || (arity === "optional" && isValue(at + 1))) length = 2;
    while (arity === "many" && isValue(at + length)) length += 1;
    const value = written ?? (length > 1 ? args[at + 1] : undefined);
    options.push({ name, ...(value === undefined ? {} : { value }), at, length });
    at += length;
  }
  const [operand] = operands;
  const onlyTells = options.some(({ name }) => noSession.options.includes(name));
  const startsSession = !onlyTells && !noSession.commands.has(operand ?? "");
  const asksModel = startsSession || (!onlyTells && noSession.asking?.includes(operands.slice(0, 2).join(" ")) === true);
  return { args, startsSession, asksModel, options, ...(operand === undefined ? {} : { operand }) };
}

/** An option as it is spelled, and what is written onto it. Letters that take no value may stand together, and are left so. */
function parted(arg: string, takesValue: (letter: string) => boolean): readonly [spelling: string, written?: string] {
  const equals = arg.indexOf("=");
  if (arg.startsWith("--")) return equals < 0 ? [arg] : [arg.slice(0, equals), arg.slice(equals + 1)];
  const letter = arg.slice(0, 2);
  return arg.length > 2 && takesValue(letter) ? [letter, arg.slice(2).replace(/^=/, "")] : [arg];
}

/** The value that counts where an option is given more than once: the last. */
export function lastValue(scanned: Scanned, name: string): string | undefined {
  return scanned.options.findLast((option) => option.name === name && option.value !== undefined)?.value;
}

/** All values of an option that may take several, where it was given last; undefined: it was not given. */
export function valuesOf({ args, options }: Scanned, name: string): readonly string[] | undefined {
  const option = options.findLast((one) => one.name === name);
  if (option === undefined) return undefined;
  return option.length > 1 ? args.slice(option.at + 1, option.at + option.length) : [option.value ?? ""];
}

export function hasOption(scanned: Scanned, ...names: readonly string[]): boolean {
  return scanned.options.some((option) => names.includes(option.name));
}

/** The arguments without this option and its values. */
export function withoutOption({ args, options }: Scanned, name: string): readonly string[] {
  const gone = options.filter((option) => option.name === name);
  return args.filter((_, index) => !gone.some(({ at, length }) => index >= at && index < at + length));
}
