import type { Collector } from '../counting/collector.ts';
import type { Psa } from '../psa/delivery/psa.ts';

/** What one function may reach, and nothing else. Keys are those of the report bucket; `*` stands for any run. */
export type Access = {
  read?: readonly string[];
  /** Written, and read back where our own object must be told from another's. */
  write?: readonly string[];
  remove?: readonly string[];
  /** The one integration whose secret it may read; `rotate` where the vendor hands out new credentials that must be kept. */
  secret?: { integration: string; rotate: boolean };
  /** Sends mail by the services that the deployment chose: reads their secrets, and uses SES as the deployment's sender. */
  mail?: true;
  /** Starts the scheduled state machine, or looks at how it went. */
  runs?: 'start' | 'look';
  /** Leaves what it could not handle in the dead letter queue; for functions that nobody waits for. */
  deadLetters?: true;
};

export const CONFIGURATION = 'config/report.json';
export const ORGANIZATIONS = 'config/organizations.json';

/** A file of any run. */
export const run = (file: string): string => `runs/*/${file}`;
export const REPORT = run('report.json');
export const DELIVERY_SETTINGS = run('delivery-settings.json');
export const FILES = [run('report.csv'), run('unmapped.csv')];

/** A collector reads its own plan and secret, and writes its own collection, checkpoint and what it tells the next run. */
export function collectorAccess({ id: integration, credentials }: Collector): Access {
  const rotate = credentials === 'rotate';
  const own = (folder: string): string => run(`${folder}/${integration}.json`);
  const history = `history/${integration}.json`;
  const locks = rotate ? [`locks/${integration}/*.json`] : [];
  return {
    read: [own('plan'), own('checkpoints'), own('collections'), history, ...locks],
    write: [own('checkpoints'), own('collections'), history, ...locks],
    remove: [own('checkpoints'), ...locks],
    secret: { integration, rotate },
  };
}

/** A PSA reads what it hands over, and keeps the two markers that make a repeated delivery add nothing. */
export function psaAccess({ id: integration }: Psa): Access {
  const ticket = run('delivery/ticket.json');
  const markers = [ticket, run('delivery/attachments.json')];
  return {
    read: [REPORT, DELIVERY_SETTINGS, ...FILES, ...markers],
    write: markers,
    remove: [ticket],
    secret: { integration, rotate: false },
  };
}
