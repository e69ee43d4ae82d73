import * as z from 'zod/mini';
import type { CatalogEntry } from '../report/column.ts';
import { ReportError } from '../report/errors.ts';
import { bondFaults, type Options } from '../wire/options.ts';
import type { ApiDeclaration } from '../wire/request.ts';
import { type OpenRight, rightsSentence } from '../wire/rights.ts';
import { type Given, type Members, readSettings } from '../wire/settings.ts';
import { type ColumnForms, titled } from './columns.ts';
import { type Fact, flat, type Piece, type Yielded } from './facts.ts';
import type { Names } from './names.ts';
import type { Right } from './rights.ts';
import type { RunContext } from './run-context.ts';
import type { Products } from './seats.ts';
import type { VendorApi } from './vendor-api.ts';
import { keysOf, type Verbs, verbs } from './verbs.ts';

/** The parsed settings: the functions of a declaration see secret and configuration as one. */
export type SettingsOf<S extends Options, C extends Options> = z.output<z.ZodMiniObject<S>> &
  z.output<z.ZodMiniObject<C>>;

/**
 * A vendor, declared once. `S` are the options of its secret, `C` those of its configuration, `K` the keys of its
 * columns.
 */
export type VendorDeclaration<S extends Options, C extends Options, K extends string> = {
  /** Integration id: also the secret's name and the field in report.json. */
  id: string;
  /** Name in logs, messages and Data Quality. */
  name: string;
  /** The prefix of every column's title, if it is not the name. */
  prefix?: string;
  /** Place of its columns in the report; lower is further left. */
  position: number;
  /** What organizations.json holds for this vendor: its name, and its form, which also normalizes it. */
  customerId: { name: string; schema: z.ZodMiniType<string> };
  secret: S;
  configuration: C;
  /**
   * Credentials that do not last by themselves, so they are used every week whatever the report's schedule: `rotate`
   * if use brings new ones, which are stored; `end` if they have an expiry date.
   */
  credentials?: 'rotate' | 'end';
  /**
   * Checks options against each other, beyond `eitherOf` and `together`; each fault is a sentence that names the
   * option.
   */
  check?: (settings: SettingsOf<S, C>) => string[];
  /** Fixed columns, in order. */
  columns: ColumnForms<K>;
  /** For fleets: the vendor's word for a class, and the column for classes that no column names. */
  classes?: { called: string; otherwise: NoInfer<K> };
  /** For columns named by the data: what they count. */
  products?: string;
  /** The units that its rows name; left out if it gives only totals. */
  names?: Names;
  /** What to do at the vendor before the first run, and what rights the credentials need. */
  setup: { create: string; rights: string | readonly Right<SettingsOf<S, C>>[] };
  api: (settings: SettingsOf<S, C>, run: RunContext) => Omit<ApiDeclaration, 'name'>;
  collect: (verbs: Verbs<K>, settings: SettingsOf<S, C>, run: RunContext) => AsyncIterable<Yielded>;
};

/** A collection ready to begin: its settings are checked, nothing was sent yet. */
export type Opened = {
  api: ApiDeclaration;
  collect: (api: VendorApi) => AsyncIterable<Fact | Piece>;
  /** The rights that can be checked one by one. */
  rights: readonly OpenRight<VendorApi>[];
};

/** A declared vendor as the rest of the program sees it, without the types of its settings. */
export type Collector = CatalogEntry & {
  secret: Members;
  configuration: Members;
  credentials?: 'rotate' | 'end';
  products?: Products;
  names?: Names;
  setup: { create: string; rights: string };
  /** Reads the settings. Errors: `ConfigurationError` naming file and field. */
  open(given: Given, run: RunContext): Opened;
};

/** Declares a vendor; the types of `settings` follow from its options, the keys of `count` from its columns. */
export function vendor<S extends Options, C extends Options, K extends string>(
  declaration: VendorDeclaration<S, C, K>,
): Collector {
  const {
    id,
    name,
    prefix = name,
    position,
    customerId,
    columns,
    classes,
    products,
    credentials,
    names,
    setup,
  } = declaration;
  const secret = z.strictObject(declaration.secret);
  const configuration = z.strictObject(declaration.configuration);
  const byProduct = products === undefined ? {} : { products: { prefix, definition: products } };
  const { rights } = setup;
  return {
    ...{ id, name, position, customerId, secret, configuration, ...byProduct },
    ...(credentials === undefined ? {} : { credentials }),
    ...(names === undefined ? {} : { names }),
    columns: keysOf(columns).map((key) => titled(prefix, columns[key])),
    setup: { create: setup.create, rights: typeof rights === 'string' ? rights : rightsSentence(rights) },
    open(given, run) {
      const settings = settingsOf(declaration, given);
      return {
        api: { name, ...declaration.api(settings, run) },
        collect: (api) =>
          flatly(declaration.collect(verbs(api, { prefix, columns, classes, ...byProduct }), settings, run)),
        rights: (typeof rights === 'string' ? [] : rights).map(({ right, where, check }) => ({
          ...{ right, where },
          check: (api) => check(api, settings),
        })),
      };
    },
  };
}

async function* flatly(facts: AsyncIterable<Yielded>): AsyncGenerator<Fact | Piece> {
  for await (const part of facts) {
    if ('fact' in part) yield part;
    else yield* flat(part);
  }
}

function settingsOf<S extends Options, C extends Options, K extends string>(
  { id, secret, configuration, check }: VendorDeclaration<S, C, K>,
  given: Given,
): SettingsOf<S, C> {
  const shape = { id, secret: z.strictObject(secret), configuration: z.strictObject(configuration) };
  const settings = readSettings(shape, given);
  const faults = [...bondFaults({ ...secret, ...configuration }, settings), ...(check?.(settings) ?? [])];
  if (faults.length === 0) return settings;
  throw new ReportError('ConfigurationError', faults.map((fault) => `${id}: ${fault}`).join('\n'), { wide: true });
}
