import * as z from 'zod/mini';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { isReportError } from '../../report/errors.ts';
import { byLink } from '../../wire/paging.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';

/** A page of any list of Microsoft Graph. */
export const graphList = <T extends z.ZodMiniType>(item: T) =>
  z.object({ value: z.array(item), '@odata.nextLink': z.optional(z.nullable(z.string())) });

/** Ids are compared in lower case, whatever they look like. */
const id = z.pipe(
  z.string().check(z.minLength(1)),
  z.transform((value) => value.toLowerCase()),
);
const maybe = z.optional(z.nullable(z.string()));

const SubscribedSku = z.object({
  /** Of account and SKU: a tenant may hold one SKU in two accounts. */
  id: z.string(),
  skuId: id,
  skuPartNumber: z.string(),
  appliesTo: maybe,
  capabilityStatus: maybe,
  consumedUnits: z.int(),
  prepaidUnits: z.object({ enabled: z.int(), warning: z.int() }),
  subscriptionIds: z.array(id),
});
export type SubscribedSku = z.output<typeof SubscribedSku>;

const Subscription = z.object({ id, status: z.string(), isTrial: z.boolean(), totalLicenses: z.int() });
export type Subscription = z.output<typeof Subscription>;

const Batch = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.int(), body: z.optional(z.unknown()) })),
});
type Part = z.output<typeof Batch>['responses'][number];

const BATCHED = { skus: '/subscribedSkus', subscriptions: '/directory/subscriptions' };

/** What a tenant owns. `subscriptions`, by id, are undefined where they may not be read. */
export type Licences = { skus: SubscribedSku[]; subscriptions: Map<string, Subscription> | undefined };

/** Whether batches are understood; shared by all tenants, so that one refusal is enough. */
export type Batching = { works: boolean };

/** Statuses by which a server says that it has no batches. */
const NO_BATCHES = [400, 404, 405];

/**
 * SKUs and subscriptions of a tenant in one batch. A part that the batch did not answer well is asked for alone, where the request
 * path waits, retries and judges.
 */
export async function licencesOf(tenant: VendorApi, batching: Batching): Promise<Licences> {
  const responses = batching.works ? await batched(tenant, batching) : [];
  const part = (name: string) => responses.find((response) => response.id === name);
  const skus = await whole(tenant, BATCHED.skus, graphList(SubscribedSku), part('skus'), (row) => row.id);
  const answered = part('subscriptions');
  if (answered?.status === 403) return { skus, subscriptions: undefined };
  try {
    const rows = await whole(tenant, BATCHED.subscriptions, graphList(Subscription), answered, (row) => row.id);
    return { skus, subscriptions: new Map(rows.map((row) => [row.id, row])) };
  } catch (error) {
    const refused = isReportError(error, 'VendorAuthError') || error instanceof RefusedAnswer;
    if (refused && !error.wide) return { skus, subscriptions: undefined };
    throw error;
  }
}

async function batched(tenant: VendorApi, batching: Batching): Promise<Part[]> {
  const requests = Object.entries(BATCHED).map(([name, url]) => ({ id: name, method: 'GET', url }));
  try {
    return (await tenant.post('/$batch', { reads: true, json: { requests }, schema: Batch })).responses;
  } catch (error) {
    if (!(error instanceof RefusedAnswer && NO_BATCHES.includes(error.status))) throw error;
    batching.works = false;
    return [];
  }
}

/** A list whose first page may have come in the batch; the rest, or the whole of it otherwise, is read page by page. */
async function whole<R>(
  tenant: VendorApi,
  path: string,
  page: z.ZodMiniType<{ value: R[]; '@odata.nextLink'?: string | null | undefined }>,
  answered: Part | undefined,
  key: (row: R) => string,
): Promise<R[]> {
  const rows = new Map<string, R>();
  let from: string | undefined = path;
  if (answered?.status === 200) {
    const first = tenant.check(page, answered.body, path);
    for (const row of first.value) rows.set(key(row), row);
    tenant.evidence.lists.push({
      list: path,
      pages: 1,
      rows: first.value.length,
      distinct: rows.size,
      end: 'answered in a batch',
    });
    from = first['@odata.nextLink'] || undefined;
  }
  if (from !== undefined) {
    const shape = { list: path, page, rows: (body: { value: R[] }) => body.value, key };
    const further = tenant.pages(from, shape, byLink({ next: (body) => body['@odata.nextLink'] }));
    for await (const row of further) rows.set(key(row), row);
  }
  return [...rows.values()];
}

const inUse = (status: string | null | undefined): boolean => /^(enabled|warning)$/iu.test(status ?? '');

const isLive = ({ status }: Subscription): boolean => inUse(status);

const seats = (subscriptions: readonly Subscription[]): number =>
  subscriptions.reduce((sum, { totalLicenses }) => sum + totalLicenses, 0);

/** Units that may be used, trials among them. */
export const usable = ({ prepaidUnits }: SubscribedSku): number => prepaidUnits.enabled + prepaidUnits.warning;

/**
 * Paid seats of a SKU: its live subscriptions without trials, which share a SKU with what is paid. `paid` is undefined where a
 * subscription is not listed and the others do not add up to what the SKU says without it; `remark` is a disagreement.
 */
export function paidSeats(
  sku: SubscribedSku,
  subscriptions: ReadonlyMap<string, Subscription>,
): { paid: number | undefined; remark?: string } {
  const own = [...new Set(sku.subscriptionIds)].map((id) => subscriptions.get(id));
  const live = own.filter((one) => one !== undefined).filter(isLive);
  const paid = seats(live.filter(({ isTrial }) => !isTrial));
  const [subscribed, declared] = [seats(live), usable(sku)];
  if (declared === 0 && sku.capabilityStatus && !inUse(sku.capabilityStatus)) return { paid: 0 };
  if (subscribed === declared) return { paid };
  if (own.length === 0 || own.includes(undefined)) return { paid: undefined };
  return { paid, remark: `its subscriptions hold ${subscribed} seats, its SKU says ${declared}` };
}
