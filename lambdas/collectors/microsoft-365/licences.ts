import * as z from 'zod/mini';
import { isReportError } from '../../report/errors.ts';
import type { Api } from '../../vendor/api.ts';
import { guid } from '../../vendor/collector.ts';
import { byLink } from '../../vendor/paging.ts';

/** A page of any list of Microsoft Graph. */
export const graphList = <T extends z.ZodMiniType>(item: T) =>
  z.object({ value: z.array(item), '@odata.nextLink': z.optional(z.nullable(z.string())) });

const SubscribedSku = z.object({
  /** Of account and SKU: a tenant may hold one SKU in two accounts. */
  id: z.string(),
  skuId: guid,
  skuPartNumber: z.string(),
  appliesTo: z.string(),
  capabilityStatus: z.string(),
  consumedUnits: z.int(),
  prepaidUnits: z.object({ enabled: z.int(), warning: z.int() }),
  subscriptionIds: z.array(guid),
});
export type SubscribedSku = z.output<typeof SubscribedSku>;

const Subscription = z.object({ id: guid, status: z.string(), isTrial: z.boolean(), totalLicenses: z.int() });
export type Subscription = z.output<typeof Subscription>;

const Batch = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.int(), body: z.optional(z.unknown()) })),
});
type Part = z.output<typeof Batch>['responses'][number];

const BATCHED = { skus: '/subscribedSkus', subscriptions: '/directory/subscriptions' };

/** What a tenant owns. `subscriptions`, by id, are undefined where they may not be read. */
export type Licences = { skus: SubscribedSku[]; subscriptions: Map<string, Subscription> | undefined };

/**
 * SKUs and subscriptions of a tenant in one batch. A part that the batch did not answer well is asked for alone, where the request
 * path waits, retries and judges.
 */
export async function licencesOf(tenant: Api): Promise<Licences> {
  const { responses } = await tenant.post('/$batch', {
    reads: true,
    json: { requests: Object.entries(BATCHED).map(([id, url]) => ({ id, method: 'GET', url })) },
    schema: Batch,
  });
  const part = (id: string) => responses.find((response) => response.id === id);
  const skus = await whole(tenant, BATCHED.skus, graphList(SubscribedSku), part('skus'), ({ id }) => id);
  const answered = part('subscriptions');
  if (answered?.status === 403) return { skus, subscriptions: undefined };
  try {
    const rows = await whole(tenant, BATCHED.subscriptions, graphList(Subscription), answered, ({ id }) => id);
    return { skus, subscriptions: new Map(rows.map((row) => [row.id, row])) };
  } catch (error) {
    if (isReportError(error, 'VendorAuthError') && !error.wide) return { skus, subscriptions: undefined };
    throw error;
  }
}

/** A list whose first page may have come in the batch; the rest, or the whole of it otherwise, is read page by page. */
async function whole<R>(
  tenant: Api,
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

const isLive = ({ status }: Subscription): boolean => status === 'Enabled' || status === 'Warning';

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
  if (declared === 0 && sku.capabilityStatus !== 'Enabled' && sku.capabilityStatus !== 'Warning') return { paid: 0 };
  if (subscribed === declared) return { paid };
  if (own.length === 0 || own.includes(undefined)) return { paid: undefined };
  return { paid, remark: `its subscriptions hold ${subscribed} seats, its SKU says ${declared}` };
}
