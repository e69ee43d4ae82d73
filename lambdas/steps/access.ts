import type { Collector } from '../counting/vendor.ts';
import type { Psa } from '../psa/delivery/psa.ts';
import type { Source } from '../sources/reading/source.ts';

/** What one function is allowed to reach. Keys are those of the report bucket; `*` is any run. */
export type Access = {
  read?: readonly string[];
  /** Written, and read back if our own object must be distinguished from another's. */
  write?: readonly string[];
  remove?: readonly string[];
  /**
   * The one integration whose secret it can read; `rotate` if the vendor issues new credentials that must be stored.
   */
  secret?: { integration: string; rotate: boolean };
  /** Sends mail by the deployment's services: reads their secrets, and uses SES as the deployment's sender. */
  mail?: true;
  /** Starts the scheduled state machine, or reads how its runs went. */
  runs?: 'start' | 'look';
  /** Puts what it could not handle into the dead letter queue; for functions that nobody waits for. */
  deadLetters?: true;
};

/** A way out of a function, which its platform has only if its access needs it. */
export type WayOut = 'objects' | 'secrets' | 'transport' | 'mail' | 'connect';

/**
 * What a function is built with follows from its access: without credentials it calls no API, and mail is sent by SES,
 * by an API or over its own connection.
 */
export function waysOut({ read, write, remove, secret, mail }: Access): WayOut[] {
  const files = [read, write, remove].some((keys) => keys !== undefined && keys.length > 0);
  return [
    ...(files ? (['objects'] as const) : []),
    ...(secret !== undefined || mail === true ? (['secrets', 'transport'] as const) : []),
    ...(mail === true ? (['mail', 'connect'] as const) : []),
  ];
}

export const CONFIGURATION = 'config/report.json';
export const ORGANIZATIONS = 'config/organizations.json';
/** billing.json and the file of billed lines that it can name. */
export const BILLING = ['config/billing.json', 'config/*.csv'];

/** A file of any run. */
export const run = (file: string): string => `runs/*/${file}`;
const REPORT = run('report.json');
/** The report without its cells; if that part is missing, report.json is used. */
export const HEAD = [REPORT, run('report-head.json')];
/** The report with its cells. */
export const WHOLE_REPORT = [...HEAD, run('report-cells.json')];
export const DELIVERY_SETTINGS = run('delivery-settings.json');
/** What the sources read. */
export const BILLED = run('billed/*.json');
export const WORKBOOK = run('report.xlsx');
/** What a delivery sends. */
export const HANDED_OVER = [
  ...[run('report.csv'), run('unmapped.csv'), WORKBOOK, run('reconciliation.csv')],
  ...[run('reconciliation.json'), run('changes.json'), run('terms.json')],
];
export const FILES = [run('report.csv'), run('unmapped.csv')];
export const CHANGES = ['changes.csv', 'changes.json', 'units.csv', 'terms.csv', 'terms.json'].map(run);
/** What collectors counted one by one. */
export const DETAILS = run('details/*/*.jsonl');
/** What this run writes for the next, and what earlier ones wrote. */
export const LEFT_HISTORY = run('history/*.json');
export const HISTORY = 'history/*/*.json';

/** A collector reads its own plan and secret, and writes its own collection, checkpoint and size for the next run. */
export function collectorAccess({ id: integration, credentials }: Collector): Access {
  const rotate = credentials === 'rotate';
  const ownFile = (folder: string): string => run(`${folder}/${integration}.json`);
  const history = `history/${integration}.json`;
  const details = run(`details/${integration}/*.jsonl`);
  const locks = rotate ? [`locks/${integration}/*.json`] : [];
  return {
    read: [ownFile('plan'), ownFile('checkpoints'), ownFile('collections'), details, history, ...locks],
    write: [ownFile('checkpoints'), ownFile('collections'), details, history, ...locks],
    remove: [ownFile('checkpoints'), ...locks],
    secret: { integration, rotate },
  };
}

/** A source reads its own plan and the PSA's secret, and writes what it read; at the PSA it only reads. */
export function sourceAccess({ id: integration }: Source): Access {
  const checkpoint = run(`billed-checkpoints/${integration}.json`);
  const billed = run(`billed/${integration}.json`);
  return {
    read: [run(`billed-plan/${integration}.json`), checkpoint, billed],
    write: [checkpoint, billed],
    remove: [checkpoint],
    secret: { integration, rotate: false },
  };
}

/** A PSA reads what it delivers, and writes the two markers that make a repeated delivery add nothing. */
export function psaAccess({ id: integration }: Psa): Access {
  const markers = [run(`delivery/${integration}-*.json`)];
  return {
    read: [...HEAD, DELIVERY_SETTINGS, ...HANDED_OVER, ...markers],
    write: markers,
    remove: markers,
    secret: { integration, rotate: false },
  };
}
