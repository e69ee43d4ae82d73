import type { Registry } from '../lambdas/registry.ts';
import { type Access, collectorAccess, psaAccess, STEP_ACCESS, UPKEEP_ACCESS } from './access.ts';
import type { Entry } from './bundle.ts';
import { catalogEntry, integrationEntry, stepEntry, upkeepEntry } from './entry.ts';
import { functionTimeoutOf } from './task-timeout.ts';

/** One Lambda function as it is to be: its code, what it may reach, how large it is. */
export type PlannedFunction = Entry & {
  description: string;
  access: Access;
  memoryMegabytes: number;
  timeoutSeconds: number;
};

/** Waits for others, or reads and writes small files. */
const SMALL_MEGABYTES = 256;
/** A collector waits for its vendor most of the time; memory buys the processor for parsing large pages. */
const COLLECTOR_MEGABYTES = 512;
/** Holds the whole report, or every collection of a run: 500 companies with all their products. */
const REPORT_MEGABYTES = 1024;

const UPKEEP_SECONDS = 60;

/** Every function of the state machine: one a step, one a collector, one a PSA. */
export function pipelineFunctions(registry: Registry): PlannedFunction[] {
  return [...stepFunctions(registry), ...collectorFunctions(registry), ...psaFunctions(registry)].map((planned) => ({
    ...planned,
    timeoutSeconds: functionTimeoutOf(planned.name),
  }));
}

type Untimed = Omit<PlannedFunction, 'timeoutSeconds'>;

const stepFunctions = (registry: Registry): Untimed[] => [
  {
    name: 'check-running-org',
    description: 'Lets only the managing organization run the report',
    source: catalogEntry({ name: 'checkRunningOrg', file: 'steps/check-running-org.ts' }, registry),
    access: STEP_ACCESS['check-running-org'],
    memoryMegabytes: SMALL_MEGABYTES,
  },
  {
    name: 'get-integration-ids',
    description: 'Checks the configuration and plans the collection',
    source: catalogEntry({ name: 'getIntegrationIds', file: 'steps/get-integration-ids.ts' }, registry),
    access: STEP_ACCESS['get-integration-ids'],
    memoryMegabytes: COLLECTOR_MEGABYTES,
  },
  {
    name: 'consolidate',
    description: 'Lines the counts up by organization',
    source: catalogEntry({ name: 'consolidateStep', file: 'steps/consolidate.ts' }, registry),
    access: STEP_ACCESS.consolidate,
    memoryMegabytes: REPORT_MEGABYTES,
  },
  {
    name: 'create-csv',
    description: 'Writes report.csv and unmapped.csv',
    source: stepEntry({ name: 'createCsv', file: 'steps/create-csv.ts' }),
    access: STEP_ACCESS['create-csv'],
    memoryMegabytes: REPORT_MEGABYTES,
  },
  {
    name: 'send-email-with-attachment',
    description: 'Sends the report by e-mail, once a run',
    source: stepEntry({ name: 'sendEmailWithAttachment', file: 'steps/send-email-with-attachment.ts' }),
    access: STEP_ACCESS['send-email-with-attachment'],
    memoryMegabytes: REPORT_MEGABYTES,
  },
  {
    name: 'build-automation-log',
    description: 'Writes the log and the result of a run, whatever happened',
    source: stepEntry({ name: 'buildAutomationLog', file: 'steps/build-automation-log.ts' }),
    access: STEP_ACCESS['build-automation-log'],
    memoryMegabytes: REPORT_MEGABYTES,
  },
];

const collectorFunctions = ({ collectors }: Registry): Untimed[] =>
  collectors.map(({ id, name, credentials }) => ({
    name: `collector-${id}`,
    description: `Reads the counts of ${name}`,
    source: integrationEntry({ name: 'collectorStep', file: 'steps/get-counts.ts' }, 'collectors', id),
    access: collectorAccess(id, credentials === 'rotate'),
    memoryMegabytes: COLLECTOR_MEGABYTES,
  }));

const psaFunctions = ({ psas }: Registry): Untimed[] =>
  psas.map(({ id, name }) => ({
    name: `psa-${id}`,
    description: `Opens the ticket in ${name} and attaches the report`,
    source: integrationEntry({ name: 'psaStep', file: 'steps/psa-ticket.ts' }, 'psa', id),
    access: psaAccess(id),
    memoryMegabytes: REPORT_MEGABYTES,
  }));

/** The functions beside the state machine: one starts runs on schedule, one notices when none came. */
export function upkeepFunctions({ collectors, psas }: Registry): PlannedFunction[] {
  const ids = (integrations: readonly { id: string }[]) => integrations.map(({ id }) => ({ id }));
  const known = { collectors: ids(collectors), psas: psas.map(({ id }) => id) };
  const kept = collectors.filter(({ credentials }) => credentials !== undefined).map(({ id }) => id);
  return [
    {
      name: 'start-run',
      description: 'Starts a scheduled run under an id that follows from the scheduled time',
      source: upkeepEntry({ name: 'startRun', file: 'upkeep/start-run.ts' }, [{ known, kept }]),
      access: UPKEEP_ACCESS['start-run'],
      memoryMegabytes: SMALL_MEGABYTES,
      timeoutSeconds: UPKEEP_SECONDS,
    },
    {
      name: 'report-age',
      description: 'Measures how long ago a report last succeeded',
      source: upkeepEntry({ name: 'reportAge', file: 'upkeep/report-age.ts' }),
      access: UPKEEP_ACCESS['report-age'],
      memoryMegabytes: SMALL_MEGABYTES,
      timeoutSeconds: UPKEEP_SECONDS,
    },
  ];
}
