/** What one function may reach, and nothing else. Keys are those of the report bucket; `*` stands for any run. */
export type Access = {
  read?: readonly string[];
  /** Written, and read back where a claim has to be told from another's. */
  write?: readonly string[];
  remove?: readonly string[];
  /** The one integration whose secret it may read; `rotate` where the vendor hands out new credentials that must be kept. */
  secret?: { integration: string; rotate: boolean };
  /** Sends mail as the deployment's sender. */
  mail?: true;
  /** Starts the scheduled state machine, or looks at how it went. */
  runs?: 'start' | 'look';
  /** Leaves what it could not handle in the dead letter queue; for functions that nobody waits for. */
  deadLetters?: true;
};

const CONFIGURATION = 'config/report.json';
const ORGANIZATIONS = 'config/organizations.json';

const run = (file: string): string => `runs/*/${file}`;
const REPORT = run('report.json');
const DELIVERY_SETTINGS = run('delivery-settings.json');
const FILES = [run('report.csv'), run('unmapped.csv')];

/** By the names of the definition's functions. */
export const STEP_ACCESS = {
  'check-running-org': { read: [CONFIGURATION, run('run.json')], write: [run('run.json')] },
  'get-integration-ids': {
    read: [CONFIGURATION, ORGANIZATIONS, REPORT],
    write: [DELIVERY_SETTINGS, run('plan/*.json')],
  },
  consolidate: { read: [CONFIGURATION, ORGANIZATIONS, run('collections/*.json'), REPORT], write: [REPORT] },
  'create-csv': { read: [REPORT], write: FILES },
  'send-email-with-attachment': {
    read: [REPORT, DELIVERY_SETTINGS, ...FILES, run('delivery/email.json')],
    write: [run('delivery/email.json')],
    remove: [run('delivery/email.json')],
    mail: true,
  },
  'build-automation-log': {
    read: [run('run.json'), REPORT],
    write: [run('automation-log.json'), run('result.json')],
  },
} as const satisfies Record<string, Access>;

/** A collector reads its own plan and secret, and writes its own collection, checkpoint and what it tells the next run. */
export function collectorAccess(integration: string, rotate: boolean): Access {
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

/** A PSA reads what it hands over, and keeps its own markers, which make a repeated delivery add nothing. */
export function psaAccess(integration: string): Access {
  const markers = [run(`delivery/${integration}-*.json`)];
  return {
    read: [REPORT, DELIVERY_SETTINGS, ...FILES, ...markers],
    write: markers,
    remove: markers,
    secret: { integration, rotate: false },
  };
}

/** What is not part of a run: starting one on schedule, and noticing that none came. */
export const UPKEEP_ACCESS = {
  'start-run': { read: [CONFIGURATION], runs: 'start', deadLetters: true },
  'report-age': { runs: 'look', deadLetters: true },
} as const satisfies Record<string, Access>;
