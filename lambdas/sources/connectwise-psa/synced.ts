import type { Manage } from '../../psa/connectwise-psa/manage.ts';
import { optional } from '../reading/optional.ts';
import { type Addition, type Agreement, fieldsOf, ManagedProducts, Solutions } from './shapes.ts';

/** Whether another tool writes the quantity of a line. */
export type IsSynced = (addition: Addition, agreement: Agreement) => boolean;

/**
 * Reads which products an RMM or a spam filter counts into agreements, and of which type. If that cannot be read, no
 * line is marked as synced, and there is a remark.
 */
export async function syncedProducts(manage: Manage, refused: (remark: string) => void): Promise<IsSynced> {
  const keys = new Set<string>();
  await optional(
    async () => {
      const at = '/company/managementItSolutions';
      for (const { id } of await Array.fromAsync(manage.list(at, Solutions, { fields: fieldsOf(Solutions) }))) {
        const query = { fields: fieldsOf(ManagedProducts) };
        for await (const row of manage.list(`${at}/${id}/managementProducts`, ManagedProducts, query)) {
          const { agreementType, serverProduct, workstationProduct, spamStatsProduct } = row;
          for (const product of [serverProduct, workstationProduct, spamStatsProduct]) {
            if (typeof product?.id === 'number') keys.add(keyOf(agreementType?.id, product.id));
          }
        }
      }
    },
    (why) => refused(`which quantities another tool writes could not be read, so no line is marked: ${why}`),
  );
  return ({ product }, { type }) => keys.has(keyOf(type?.id, product.id)) || keys.has(keyOf(undefined, product.id));
}

const keyOf = (agreementType: number | undefined, product: number): string => `${agreementType ?? 'any'} ${product}`;
