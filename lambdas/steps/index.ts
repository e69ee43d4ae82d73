import type { Collector } from '../counting/vendor.ts';
import type { Step } from '../platform/platform.ts';
import type { Psa } from '../psa/delivery/psa.ts';
import type { Registry } from '../registry.ts';
import { knownIn, withCatalog } from '../run/known.ts';
import type { Source } from '../sources/reading/source.ts';
import {
  type Access,
  BILLED,
  BILLING,
  CHANGES,
  CONFIGURATION,
  collectorAccess,
  DELIVERY_SETTINGS,
  DETAILS,
  FILES,
  HANDED_OVER,
  HEAD,
  HISTORY,
  LEFT_HISTORY,
  ORGANIZATIONS,
  psaAccess,
  run,
  sourceAccess,
  WHOLE_REPORT,
  WORKBOOK,
} from './access.ts';
import buildAutomationLog from './build-automation-log.ts';
import checkRunningOrg from './check-running-org.ts';
import consolidate from './consolidate.ts';
import createCsv from './create-csv.ts';
import createWorkbook from './create-workbook.ts';
import findChanges from './find-changes.ts';
import getBilledLines from './get-billed-lines.ts';
import getCounts from './get-counts.ts';
import getIntegrationIds from './get-integration-ids.ts';
import keepHistory from './keep-history.ts';
import psaTicket from './psa-ticket.ts';
import reconcileBilling from './reconcile.ts';
import sendEmailWithAttachment from './send-email-with-attachment.ts';

/** One function of the state machine. */
export type StepFunction = {
  /** Name in the definition, without prefix. */
  name: string;
  /** The file of this room whose default export is the step, or makes it. */
  file: string;
  /** What the step is made from: nothing, what it knows about all integrations, or one integration of a folder. */
  madeOf: 'nothing' | Knowledge | { folder: 'collectors' | 'psa' | 'sources'; id: string };
  /** The Task states that call it. */
  states: readonly string[];
  description: string;
  memoryMegabytes: number;
  access: Access;
  step: Step;
};

/** The state in which a function checks whether it could do its work. */
const CHECK = 'CheckRights';
/**
 * How much a step knows about the collectors: their ids, what the report needs of each, or that and the schemas of
 * their settings; and whether it knows the sources of billed lines. Its function's bundle contains no more than that.
 */
export type Knowledge = { collectors: 'ids' | 'catalog' | 'settings'; sources?: true };

/** For steps that wait for others, or read and write small files. */
const SMALL = 256;
/** For the whole report, every collection of a run, or what is remembered of each row of a long list. */
const LARGE = 1024;
/**
 * For all units of a vendor by name, now and in the last report, for the layout of the whole report, and for the files
 * that a ticket gets. New accounts allow no more.
 */
const LARGEST = 3008;

/** Every function of the state machine, in the order of its states: the only list of steps. */
export function stepFunctions(registry: Registry): StepFunction[] {
  const { collectors, psas, sources } = registry;
  const known = knownIn(registry);
  const catalogued = withCatalog(known);
  return [
    {
      name: 'check-running-org',
      file: 'check-running-org.ts',
      madeOf: { collectors: 'ids' },
      states: ['CheckRunningOrg'],
      description: 'Lets only the managing organization run the report',
      memoryMegabytes: SMALL,
      access: { read: [CONFIGURATION, run('run.json')], write: [run('run.json')] },
      step: checkRunningOrg(known),
    },
    {
      name: 'get-integration-ids',
      file: 'get-integration-ids.ts',
      madeOf: { collectors: 'settings', sources: true },
      states: ['GetIntegrationIds'],
      description: 'Checks the configuration and plans the collection',
      memoryMegabytes: LARGE,
      access: {
        read: [CONFIGURATION, ORGANIZATIONS, ...BILLING, ...HEAD, run('billing.json')],
        write: [DELIVERY_SETTINGS, run('plan/*.json'), run('billing.json'), run('billed-plan/*.json'), BILLED],
      },
      step: getIntegrationIds(known),
    },
    ...collectors.map(collectorFunction),
    ...sources.map(sourceFunction),
    {
      name: 'consolidate',
      file: 'consolidate.ts',
      madeOf: { collectors: 'catalog' },
      states: ['Consolidate'],
      description: 'Lines the counts up by organization',
      memoryMegabytes: LARGE,
      access: {
        read: [CONFIGURATION, ORGANIZATIONS, run('collections/*.json'), ...HEAD, HISTORY],
        write: [...WHOLE_REPORT, ...FILES],
      },
      step: consolidate(catalogued),
    },
    {
      name: 'reconcile',
      file: 'reconcile.ts',
      madeOf: { collectors: 'catalog', sources: true },
      states: ['Reconcile'],
      description: 'Compares the counts with what the PSA bills',
      memoryMegabytes: LARGE,
      access: {
        read: [CONFIGURATION, ORGANIZATIONS, run('billing.json'), BILLED, ...WHOLE_REPORT, run('reconciliation.json')],
        write: [run('reconciliation.json'), run('reconciliation.csv')],
      },
      step: reconcileBilling(catalogued),
    },
    {
      name: 'find-changes',
      file: 'find-changes.ts',
      madeOf: { collectors: 'catalog', sources: true },
      states: ['FindChanges'],
      description: 'Compares the report with the last one, and lists terms',
      memoryMegabytes: LARGEST,
      access: {
        read: [
          ...[CONFIGURATION, ORGANIZATIONS, ...WHOLE_REPORT, run('collections/*.json'), DETAILS, HISTORY, LEFT_HISTORY],
          ...[run('billing.json'), run('reconciliation.json')],
        ],
        write: [...CHANGES, LEFT_HISTORY],
      },
      step: findChanges(catalogued),
    },
    {
      name: 'create-csv',
      file: 'create-csv.ts',
      madeOf: 'nothing',
      states: ['CreateCsv'],
      description: 'Makes sure that report.csv and unmapped.csv exist',
      memoryMegabytes: LARGE,
      access: { read: [...WHOLE_REPORT, ...FILES], write: FILES },
      step: createCsv,
    },
    {
      name: 'create-workbook',
      file: 'create-workbook.ts',
      madeOf: 'nothing',
      states: ['CreateWorkbook'],
      description: 'Writes report.xlsx and report.html',
      memoryMegabytes: LARGEST,
      access: {
        read: [...WHOLE_REPORT, run('reconciliation.json'), run('changes.json'), run('terms.json')],
        write: [WORKBOOK, run('report.html')],
      },
      step: createWorkbook,
    },
    ...psas.map(psaFunction),
    {
      name: 'send-email-with-attachment',
      file: 'send-email-with-attachment.ts',
      madeOf: 'nothing',
      states: ['SendEmailWithAttachment', CHECK],
      description: 'Sends the report by e-mail, once a run',
      memoryMegabytes: LARGE,
      access: {
        read: [...HEAD, DELIVERY_SETTINGS, ...HANDED_OVER, run('delivery/email.json')],
        write: [run('delivery/email.json')],
        remove: [run('delivery/email.json')],
        mail: true,
      },
      step: sendEmailWithAttachment,
    },
    {
      name: 'keep-history',
      file: 'keep-history.ts',
      madeOf: { collectors: 'ids' },
      states: ['KeepHistory'],
      description: 'Makes a delivered report the one that the next is compared with',
      memoryMegabytes: LARGEST,
      access: { read: [...HEAD, LEFT_HISTORY], write: [HISTORY] },
      step: keepHistory(known),
    },
    {
      name: 'build-automation-log',
      file: 'build-automation-log.ts',
      madeOf: 'nothing',
      states: ['BuildAutomationLog'],
      description: 'Writes the log and the result of a run, whatever happened',
      memoryMegabytes: LARGE,
      access: {
        read: [run('run.json'), ...WHOLE_REPORT, run('reconciliation.json')],
        write: [run('automation-log.json'), run('result.json')],
      },
      step: buildAutomationLog,
    },
  ];
}

const collectorFunction = (collector: Collector): StepFunction => ({
  name: `collector-${collector.id}`,
  file: 'get-counts.ts',
  madeOf: { folder: 'collectors', id: collector.id },
  states: ['GetCounts', CHECK],
  description: `Reads the counts of ${collector.name}`,
  memoryMegabytes: LARGE,
  access: collectorAccess(collector),
  step: getCounts(collector),
});

const sourceFunction = (source: Source): StepFunction => ({
  name: `source-${source.id}`,
  file: 'get-billed-lines.ts',
  madeOf: { folder: 'sources', id: source.id },
  states: ['GetBilledLines', CHECK],
  description: `Reads what ${source.name} bills`,
  memoryMegabytes: LARGE,
  access: sourceAccess(source),
  step: getBilledLines(source),
});

const psaFunction = (psa: Psa): StepFunction => ({
  name: `psa-${psa.id}`,
  file: 'psa-ticket.ts',
  madeOf: { folder: 'psa', id: psa.id },
  states: ['CreatePsaTicket', 'UploadCsvToTicket', CHECK],
  description: `Opens the ticket in ${psa.name} and attaches the report`,
  memoryMegabytes: LARGEST,
  access: psaAccess(psa),
  step: psaTicket(psa),
});
