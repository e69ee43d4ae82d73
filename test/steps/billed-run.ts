import * as z from 'zod/mini';
import type { Fact } from '../../lambdas/counting/facts.ts';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import type { ReportTotals, Run } from '../../lambdas/run/input.ts';
import { knownIn } from '../../lambdas/run/known.ts';
import type { PlannedIntegration } from '../../lambdas/run/plan.ts';
import { customer, line } from '../../lambdas/sources/reading/fact.ts';
import { sees } from '../../lambdas/sources/reading/rights.ts';
import type { BilledPart, Reader } from '../../lambdas/sources/reading/source.ts';
import { source } from '../../lambdas/sources/reading/source.ts';
import consolidateStep from '../../lambdas/steps/consolidate.ts';
import createCsv from '../../lambdas/steps/create-csv.ts';
import createWorkbook from '../../lambdas/steps/create-workbook.ts';
import findChanges from '../../lambdas/steps/find-changes.ts';
import getBilledLines from '../../lambdas/steps/get-billed-lines.ts';
import getCounts from '../../lambdas/steps/get-counts.ts';
import getIntegrationIds from '../../lambdas/steps/get-integration-ids.ts';
import keepHistory from '../../lambdas/steps/keep-history.ts';
import reconcileBilling from '../../lambdas/steps/reconcile.ts';
import { headers } from '../../lambdas/wire/auth.ts';
import { customer as counted } from '../facts.ts';
import { acme, CONTOSO, KNOWN, ORGANIZATIONS_JSON, REPORT_JSON, RUN, type Stage, stage, zenith } from './stage.ts';

/** A line of the agreement of a customer of the PSA that exists here alone. */
export const agreed = (id: string, of: string, units: number): BilledPart =>
  line({
    id,
    agreement: { id: '310', name: 'Managed' },
    product: { code: 'AGENT', name: 'Agent' },
    customer: { id: of, name: `Customer ${of}` },
    quantity: { value: String(units) },
    included: '0',
    price: { amount: '4.00', months: 1 },
    currency: 'USD',
    from: '2024-01-01',
    to: null,
    billable: true,
    kind: 'recurring',
    quantitySource: 'fixed',
    notes: [],
  });

/** Contoso pays for 4 agents, Fabrikam for 3. */
export async function* billing(): AsyncGenerator<BilledPart> {
  yield customer('1', 'Contoso');
  yield customer('2', 'Fabrikam');
  yield agreed('7', '1', 4);
  yield agreed('8', '2', 3);
}

/** A PSA that exists here alone; `read` is what its source does. */
export const desk = (read: (reader: Reader) => AsyncIterable<BilledPart> = billing) =>
  source({
    namesCurrency: true,
    psa: {
      id: 'desk',
      name: 'Desk',
      secret: z.strictObject({ key: z.string() }),
      configuration: z.strictObject({}),
      api: ({ key }) => ({
        name: 'Desk',
        base: 'https://desk.example',
        auth: headers({ 'x-key': key }),
        limit: { concurrency: 1 },
      }),
    },
    rights: [sees('read', 'at the desk', '/lines', {})],
    options: z.strictObject({}),
    read: (reader) => read(reader),
  });

/** One agent of a customer, by id and name. */
export const named = (customerId: string, id: string, name: string, column = 'Acme Agents'): Fact => ({
  ...{ fact: 'count', customer: customerId, column, value: 1, unit: { id, name } },
});

/** Agents of Contoso and Fabrikam, by id and name: `{ 11: { a1: 'RECEPTION' } }`. */
export const agents = (fleet: Record<string, Record<string, string>>): Collector =>
  acme(async function* (): AsyncGenerator<Fact> {
    for (const [id, units] of Object.entries(fleet)) {
      yield counted(id, `Customer ${id}`);
      for (const [unit, name] of Object.entries(units)) {
        yield named(id, unit, name);
      }
    }
  });

/** Contoso has five, one more than it pays for. */
export const FLEET = {
  11: { a1: 'RECEPTION', a2: 'LAB', a3: 'BACKOFFICE', a4: 'STORE', a5: 'VAN' },
  12: { b1: 'DESK-1', b2: 'DESK-2' },
  13: { c1: 'DESK-3' },
};

export const BILLING_JSON = {
  source: { integration: 'desk' },
  services: [{ id: 'agents', name: 'Managed agents', counts: ['Acme Agents'], products: ['AGENT'] }],
};

export const WITH_BILLING = {
  ...KNOWN,
  sources: [{ id: 'desk', name: 'Desk', experimental: false, settings: {} }],
};

/** A stage on which Acme is installed and, unless `billing` is null, Contoso and Fabrikam are billed by Desk. */
export async function billedStage(billing: object | null = BILLING_JSON, report: object = {}): Promise<Stage> {
  const scene = await stage();
  scene.configure('report.json', { ...REPORT_JSON, integrations: { acme: {}, desk: {} }, ...report });
  const [contoso, fabrikam, gone] = ORGANIZATIONS_JSON.organizations;
  const at = (company: object | undefined, id: string, ids: object) => ({
    ...company,
    integrationIds: { ...ids, desk: id },
  });
  scene.configure('organizations.json', {
    organizations: [at(contoso, '1', { acme: '11', zenith: CONTOSO }), at(fabrikam, '2', { acme: ['12', '13'] }), gone],
  });
  scene.configure('secrets/acme.json', { apiKey: 'k' });
  scene.configure('secrets/zenith.json', { token: 't' });
  scene.configure('secrets/desk.json', { key: 'canary-of-desk' });
  if (billing !== null) scene.configure('billing.json', billing);
  return scene;
}

/** Names the run's files and says when it is. */
export type Order = Partial<Run> & { runId: string };

type Parts = { collector?: Collector; source?: ReturnType<typeof desk> };

/** Plays the states of one run, as the definition puts them together. */
export async function playRun(
  scene: Stage,
  order: Order,
  { collector = agents(FLEET), source: psa = desk() }: Parts = {},
): Promise<{ report: ReportTotals; remarks: string[] }> {
  const run: Run = { ...RUN, ...order };
  const collectors = [collector, zenith()];
  const known = { ...knownIn({ collectors, psas: [{ id: 'desk' }], sources: [] }), sources: WITH_BILLING.sources };
  const plan = (await scene.play(getIntegrationIds(known), { run })) as {
    integrations: PlannedIntegration[];
    reportMade: boolean;
    comparesBilling: boolean;
  };
  const collections: unknown[] = plan.reportMade
    ? [{ integration: 'report', reads: 'counts', status: 'made' }]
    : await Promise.all(plan.integrations.map((integration) => readOne(scene, run, integration, collectors, psa)));
  const report = (await scene.play(consolidateStep(known), { run, collections })) as ReportTotals;
  if (plan.comparesBilling) await scene.play(reconcileBilling(known), { run, collections, report });
  const { remarks } = (await scene.play(findChanges(known), { run, report })) as { remarks: string[] };
  await scene.play(createCsv, { run, report });
  await scene.play(createWorkbook, { run, report });
  if (report.error !== null) return { report, remarks };
  const status = run.mechanism === 'none' ? 'not-delivered' : 'delivered';
  await scene.play(keepHistory(known), { run, delivery: { mechanism: run.mechanism, status } });
  return { report, remarks };
}

/** One iteration of the Map. */
async function readOne(
  scene: Stage,
  run: Run,
  integration: PlannedIntegration,
  collectors: readonly Collector[],
  psa: ReturnType<typeof desk>,
): Promise<object> {
  const { id, reads, installed } = integration;
  if (!installed) return { integration: id, reads, status: 'not-installed' };
  const collector = collectors.find((each) => each.id === id);
  const step = reads === 'billed' || collector === undefined ? getBilledLines(psa) : getCounts(collector);
  try {
    for (;;) {
      const answer = (await scene.play(step, { run, integration })) as { status: string; key: string };
      if (answer.status !== 'paused') return { integration: id, reads, status: answer.status, key: answer.key };
    }
  } catch (error) {
    const { name, message } = error as Error;
    return {
      ...{ integration: id, reads, status: 'failed', error: name },
      cause: JSON.stringify({ errorType: name, errorMessage: message }),
    };
  }
}
