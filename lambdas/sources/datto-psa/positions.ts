import type * as z from 'zod/mini';
import type { DecimalText } from '../../billing/line.ts';
import type { Filter } from '../../psa/datto-psa/autotask.ts';
import { apart, type OddRow, orOdd } from '../reading/odd-row.ts';
import { ALL, MOST_IDS, type Zone } from './lists.ts';
import * as shapes from './shapes.ts';
import { idOf } from './units.ts';

/** A service or a bundle on a contract: a line, without its quantity. Bundles have ids of their own. */
export type Position = {
  id: string;
  contractId: number;
  product: { id: string; code?: string; name: string };
  unitPrice: DecimalText | undefined;
};

/**
 * What the contracts sell, with codes and names of the catalogue; including inactive products, which can still be
 * billed.
 */
export async function positionsOf(
  zone: Zone,
  contracts: number[],
): Promise<{ positions: Position[]; odd: OddRow<shapes.OnContract>[] }> {
  const service = orOdd('Datto PSA ContractServices', shapes.ContractService, shapes.OnContract);
  const bundle = orOdd('Datto PSA ContractServiceBundles', shapes.ContractBundle, shapes.OnContract);
  const serviceRows: z.output<typeof service>[] = [];
  const bundleRows: z.output<typeof bundle>[] = [];
  for (let from = 0; from < contracts.length; from += MOST_IDS) {
    const of: Filter[] = [{ op: 'in', field: 'contractID', value: contracts.slice(from, from + MOST_IDS) }];
    serviceRows.push(...(await Array.fromAsync(whole(zone, 'ContractServices', service, of))));
    bundleRows.push(...(await Array.fromAsync(whole(zone, 'ContractServiceBundles', bundle, of))));
  }
  const { sound: services, odd: oddServices } = apart(serviceRows);
  const { sound: bundles, odd: oddBundles } = apart(bundleRows);
  const catalogue = services.length === 0 ? new Map() : await catalogueOf(zone, 'Services');
  const bundled = bundles.length === 0 ? new Map() : await catalogueOf(zone, 'ServiceBundles');
  const positions: Position[] = [
    ...services.map((row) => ({
      id: idOf('service', row.id),
      contractId: row.contractID,
      product: productOf('service', row.serviceID, catalogue),
      unitPrice: row.unitPrice,
    })),
    ...bundles.map((row) => ({
      id: idOf('bundle', row.id),
      contractId: row.contractID,
      product: productOf('bundle', row.serviceBundleID, bundled),
      unitPrice: row.adjustedPrice ?? row.unitPrice,
    })),
  ];
  return { positions, odd: [...oddServices, ...oddBundles] };
}

async function catalogueOf(zone: Zone, entity: string): Promise<ReadonlyMap<number, shapes.Sold>> {
  const rows = await Array.fromAsync(whole(zone, entity, shapes.Sold, ALL));
  return new Map(rows.map((sold) => [sold.id, sold]));
}

function productOf(of: 'service' | 'bundle', id: number, catalogue: ReadonlyMap<number, shapes.Sold>) {
  const sold = catalogue.get(id);
  const code = sold?.sku?.trim() ?? '';
  return { id: idOf(of, id), ...(code === '' ? {} : { code }), name: sold?.name ?? `${of} ${id}` };
}

/** Rows of a query without `IncludeFields`, so that a field missing in this tenant is not an error. */
const whole = <R extends { id: number }>(zone: Zone, entity: string, row: z.ZodMiniType<R>, filter: Filter[]) =>
  zone.list('POST', `${entity}/query`, row, { json: { MaxRecords: MOST_IDS, filter } });
