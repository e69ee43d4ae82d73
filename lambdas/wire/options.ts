import * as z from 'zod/mini';

/*
 * The options of an integration: each has a form and a sentence on what it is for. The sentence is shown in the
 * documentation.
 */

/** Options by name. */
export type Options = Readonly<Record<string, z.ZodMiniType>>;

/** Options of which a person gives one set, or which belong together: checked, and marked in the documentation. */
type Bond = { kind: 'either'; sets: readonly (readonly string[])[] } | { kind: 'together'; names: readonly string[] };

const bonds = z.registry<{ bond: Bond }>();

/** `form` with a sentence on what it is for. */
export function described<T extends z.ZodMiniType>(form: T, sentence: string): T {
  z.globalRegistry.add(form, { description: sentence });
  return form;
}

/** The sentence of an option; undefined if it has none. */
export const meaningOf = (form: z.core.$ZodType): string | undefined => z.globalRegistry.get(form)?.description;

/** A required option: some text, unless `form` is given. */
export function required(sentence: string): z.ZodMiniString;
export function required<T extends z.ZodMiniType>(sentence: string, form: T): T;
export function required(sentence: string, form: z.ZodMiniType = z.string().check(z.minLength(1))): z.ZodMiniType {
  // A copy, as many options can share one form.
  return described(form.clone(), sentence);
}

/** An optional option. */
export const optional = <T extends z.ZodMiniType>(form: T, sentence: string): z.ZodMiniOptional<T> =>
  described(z.optional(form), sentence);

/** An option with a default. */
export const preset = <T extends z.ZodMiniType>(
  form: T,
  value: z.core.util.NoUndefined<z.output<T>>,
  sentence: string,
): z.ZodMiniDefault<T> => described(z._default(form, value), sentence);

/** A switch that is off unless it is turned on. */
export const flag = (sentence: string): z.ZodMiniDefault<z.ZodMiniBoolean> =>
  described(z._default(z.boolean(), false), sentence);

/** A path of the API with `{placeholders}`; a path in the configuration must have all of them too. */
export function template(path: string, sentence: string): z.ZodMiniDefault<z.ZodMiniString> {
  const placeholders = path.match(/\{\w+\}/gu) ?? [];
  const form = z
    .string()
    .check(
      z.startsWith('/', 'expected a path that begins with /'),
      ...placeholders.map((placeholder) =>
        z.refine<string>((text) => text.includes(placeholder), `expected ${placeholder} in it`),
      ),
    );
  return described(z._default(form, path), sentence);
}

/** Names of one field of a row, most likely first. */
export type Names = readonly string[];

type Guesses<M extends Readonly<Record<string, Names>>> = z.ZodMiniPrefault<
  z.ZodMiniObject<{ [member in keyof M]: z.ZodMiniDefault<z.ZodMiniArray<z.ZodMiniString>> }, z.core.$strict>
>;

/**
 * For rows whose fields are not documented: the probable names of each, in the order in which they are tried. A list in
 * the configuration replaces that of its field.
 */
export function guesses<M extends Readonly<Record<string, Names>>>(members: M, sentence: string): Guesses<M>;
export function guesses(members: Readonly<Record<string, Names>>, sentence: string): z.ZodMiniType {
  const names = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
  const shape = Object.fromEntries(
    Object.entries(members).map(([member, probable]) => [
      member,
      described(z._default(names, [...probable]), `names of the row's ${inWords(member)}, most likely first`),
    ]),
  );
  return described(z.prefault(z.strictObject(shape), {}), sentence);
}

/** "customer name" of `customerName`. */
const inWords = (member: string): string => member.replace(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);

type Optional<O extends Options> = { [name in keyof O]: z.ZodMiniOptional<O[name]> };

/** Options of which a person gives all or none. */
export function together<O extends Options>(options: O): Optional<O> {
  return bonded(options, { kind: 'together', names: Object.keys(options) });
}

/** Two sets of options: a person gives all of one and none of the other. */
export function eitherOf<A extends Options, B extends Options>(first: A, second: B): Optional<A> & Optional<B> {
  const bond: Bond = { kind: 'either', sets: [Object.keys(first), Object.keys(second)] };
  return { ...bonded(first, bond), ...bonded(second, bond) };
}

function bonded<O extends Options>(options: O, bond: Bond): Optional<O>;
function bonded(options: Options, bond: Bond): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, form]) => {
      const free = described(z.optional(form), meaningOf(form) ?? '');
      bonds.add(free, { bond });
      return [name, free];
    }),
  );
}

/** Which options an option is bound to, in words for the documentation; undefined if to none. */
export function bondOf(name: string, form: z.core.$ZodType): string | undefined {
  const bond = bonds.get(form)?.bond;
  if (bond === undefined) return undefined;
  if (bond.kind === 'together') return `with ${listed(bond.names.filter((other) => other !== name))}`;
  const others = bond.sets.filter((set) => !set.includes(name));
  return `this or ${others.map(listed).join(' or ')}`;
}

/** What is wrong with options that are bound to each other; each fault in a sentence that names them. */
export function bondFaults(options: Options, settings: Readonly<Record<string, unknown>>): string[] {
  const all = new Set(Object.values(options).flatMap((form) => bonds.get(form)?.bond ?? []));
  const isGiven = (name: string): boolean => (settings[name] ?? undefined) !== undefined;
  return [...all].flatMap((bond) => {
    const sets = bond.kind === 'either' ? bond.sets : [bond.names];
    const begun = sets.filter((set) => set.some(isGiven));
    if (begun.length !== 1 && bond.kind === 'either')
      return [`${sets.map(listed).join(' or ')}: expected one of the two`];
    return begun.flatMap((set) =>
      set.every(isGiven)
        ? []
        : [`${listed(set.filter((name) => !isGiven(name)))}: expected with ${listed(set.filter(isGiven))}`],
    );
  });
}

const listed = (names: readonly string[]): string => names.join(' and ');

/** Where a vendor's API is: one of its regions, or the customer's own address. */
export type ApiPlace = {
  options: { region: z.ZodMiniOptional<z.ZodMiniType<string>>; baseUrl: z.ZodMiniOptional<z.ZodMiniType<string>> };
  /** The address, without a trailing slash. */
  address: (settings: { region?: string | undefined; baseUrl?: string | undefined }) => string;
};

/**
 * Region or custom address: `regions` are addresses by name; a custom address must match `form`, which `expected`
 * describes.
 */
export function place(
  regions: Readonly<Record<string, string>>,
  custom: { form: RegExp; expected: string; sentence: string },
): ApiPlace {
  const address = z.string().check(z.regex(custom.form, `expected ${custom.expected}`));
  return {
    options: eitherOf(
      { region: described(z.enum(Object.keys(regions)), 'the region that the account lives in') },
      { baseUrl: described(address, custom.sentence) },
    ),
    address: ({ region, baseUrl }) => {
      const found = region === undefined ? baseUrl : regions[region];
      if (found === undefined) throw new Error('neither a known region nor an address');
      return found.replace(/\/+$/u, '');
    },
  };
}
