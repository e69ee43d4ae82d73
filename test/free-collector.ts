import * as z from 'zod/mini';
import type { Fact, Piece } from '../lambdas/counting/facts.ts';
import type { RunContext } from '../lambdas/counting/run-context.ts';
import type { Products } from '../lambdas/counting/seats.ts';
import type { Collector } from '../lambdas/counting/vendor.ts';
import type { VendorApi } from '../lambdas/counting/vendor-api.ts';
import type { Column } from '../lambdas/report/column.ts';
import { ReportError } from '../lambdas/report/errors.ts';
import type { ApiDeclaration } from '../lambdas/wire/request.ts';
import { type Members, readSettings } from '../lambdas/wire/settings.ts';

/* A collector that yields whatever a test wants, including what no vendor declared by rows can yield. */

/**
 * A vendor, declared once. `S` is the secret's shape, `C` the configuration's; the functions see both as `settings`.
 */
export type Declaration<S extends Members, C extends Members> = {
  /** Integration id: also the secret's name and the field in report.json. */
  id: string;
  /** Name in logs and Data Quality. */
  name: string;
  /** Place of its columns in the report; lower is further left. */
  position: number;
  /** What organizations.json holds for this vendor: its name, and its form, which also normalises it. */
  customerId: { name: string; schema: z.ZodMiniType<string> };
  secret: S;
  configuration: C;
  /**
   * Where the credentials do not last by themselves, so that they are used every week whatever the report's schedule:
   * `rotate` when use brings new ones, which are stored; `end` when they carry a date on which they end.
   */
  credentials?: 'rotate' | 'end';
  /** Fixed columns, in order. */
  columns: readonly Column[];
  /** Columns named by the data: their prefix and what they count. */
  products?: Products;
  /** What the members must be together; each fault in a sentence that names the member. */
  check?: (settings: z.output<S> & z.output<C>) => string[];
  /** What to do at the vendor before the first run, for the documentation. */
  setup: { create: string; rights: string };
  api: (settings: z.output<S> & z.output<C>, run: RunContext) => ApiDeclaration;
  collect: (api: VendorApi, settings: z.output<S> & z.output<C>, run: RunContext) => AsyncIterable<Fact | Piece>;
};

/** Declares a collector; the types of `settings` follow from its schemas. */
export function collector<S extends Members, C extends Members>(declaration: Declaration<S, C>): Collector {
  const { api, collect, check, ...declared } = declaration;
  return {
    ...declared,
    open(written, run) {
      const settings = readSettings(declaration, written);
      const faults = check?.(settings) ?? [];
      if (faults.length > 0) {
        const message = faults.map((fault) => `${declaration.id}: ${fault}`).join('\n');
        throw new ReportError('ConfigurationError', message, { wide: true });
      }
      return { api: api(settings, run), collect: (opened) => collect(opened, settings, run), rights: [] };
    },
  };
}

/** No configuration of its own. */
export const noConfiguration = z.strictObject({});
