import * as z from 'zod/mini';
import { checkedRow } from '../../counting/checked-row.ts';
import { lowerCase } from '../../counting/ids.ts';
import { aside, figure } from '../../counting/row-forms.ts';
import { termDay } from '../../counting/term-facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { isReportError } from '../../report/errors.ts';
import { moreAnnounced } from '../../wire/announced.ts';
import { filled, maybe, trimmed } from '../../wire/forms.ts';
import { type ListOf, list, type RowOf } from '../../wire/lists.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { graphPages } from './graph.ts';

/** Ids are compared in lower case, whatever they look like. */
const id = lowerCase(filled);

export const skus = list(
  '/subscribedSkus',
  {
    // By account and SKU: a tenant can hold one SKU in two accounts.
    id: z.string(),
    skuId: id,
    skuPartNumber: trimmed,
    appliesTo: maybe(z.string()),
    capabilityStatus: maybe(z.string()),
    consumedUnits: figure(z.int()),
    prepaidUnits: figure(z.object({ enabled: z.int(), warning: z.int() })),
    subscriptionIds: figure(z.array(id)),
  },
  graphPages(),
);
export type SubscribedSku = RowOf<typeof skus>;

export const subscriptions = list(
  '/directory/subscriptions',
  {
    id,
    status: figure(z.string()),
    isTrial: figure(z.boolean()),
    totalLicenses: figure(z.int()),
    nextLifecycleDateTime: termDay(),
    commerceSubscriptionId: aside(z.string()),
  },
  graphPages(),
);
export type Subscription = RowOf<typeof subscriptions>;

const Batch = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.int(), body: z.optional(z.unknown()) })),
});
type Part = z.output<typeof Batch>['responses'][number];

const BATCHED = { skus: skus.path, subscriptions: subscriptions.path };

/** What a tenant owns. `subscriptions`, by id, are undefined if Graph does not let us read them. */
export type Licences = { skus: SubscribedSku[]; subscriptions: Map<string, Subscription> | undefined };

/** Whether batches are understood; shared by all tenants, so that one refusal is enough. */
export type Batching = { works: boolean };

/** Statuses of a server that does not support batches. */
const NO_BATCHES = [400, 404, 405];

/**
 * SKUs and subscriptions of a tenant in one batch. A part that the batch did not answer well or completely is requested
 * alone: there the request path waits, retries and judges.
 */
export async function licencesOf(tenant: Verbs<never>, batching: Batching): Promise<Licences> {
  const responses = batching.works ? await batched(tenant, batching) : [];
  const part = (name: string) => responses.find((response) => response.id === name);
  const owned = await allOf(tenant, skus, part('skus'));
  const answered = part('subscriptions');
  if (answered?.status === 403) return { skus: owned, subscriptions: undefined };
  try {
    const rows = await allOf(tenant, subscriptions, answered);
    return { skus: owned, subscriptions: new Map(rows.map((row) => [row.id, row])) };
  } catch (error) {
    const refused = isReportError(error, 'VendorAuthError') || error instanceof RefusedAnswer;
    if (refused && !error.wide) return { skus: owned, subscriptions: undefined };
    throw error;
  }
}

async function batched({ api }: Verbs<never>, batching: Batching): Promise<Part[]> {
  const requests = Object.entries(BATCHED).map(([name, url]) => ({ id: name, method: 'GET', url }));
  try {
    return (await api.post('/$batch', { reads: true, json: { requests }, schema: Batch })).responses;
  } catch (error) {
    if (!(error instanceof RefusedAnswer && NO_BATCHES.includes(error.status))) throw error;
    batching.works = false;
    return [];
  }
}

/** The rows of a list: from the batch, if that holds the whole list and every row is sound; otherwise read alone. */
async function allOf<R extends { id: string }>(
  { api, rows }: Verbs<never>,
  from: ListOf<R>,
  answered: Part | undefined,
): Promise<R[]> {
  const inBatch = answered?.status === 200 ? soundRows(from, answered.body) : undefined;
  if (inBatch === undefined) {
    const alone: R[] = [];
    for await (const row of rows(from)) alone.push(row);
    return alone;
  }
  const { length } = inBatch;
  api.evidence.lists.push({ list: from.path, pages: 1, rows: length, distinct: length, end: 'answered in a batch' });
  return inBatch;
}

function soundRows<R extends { id: string }>(from: ListOf<R>, body: unknown): R[] | undefined {
  if (!z.safeParse(from.paging.envelope, body).success || moreAnnounced(body) !== undefined) return undefined;
  const checked = from.paging.rowsOf(body).map((raw, index) => checkedRow(from, raw, index, body));
  const sound = checked.flatMap((result) => ('row' in result ? [result.row] : []));
  const distinct = new Set(sound.map((row) => row.id)).size;
  return distinct === checked.length ? sound : undefined;
}
