import { DEMO_PRODUCTS, demoAgreements, firstDayOfMonth } from '../../agreements.ts';
import type { DemoMsp } from '../../demo-msp.ts';

type Row = Record<string, unknown>;

const FIRST_CONTRACT = 6_200_000_000_000_000_000n;
const FIRST_ITEM = 6_300_000_000_000_000_000n;
const itemId = (product: number): string => String(FIRST_ITEM + BigInt(product));

/**
 * Each line as a contract of its own, as SuperOps has it: texts for numbers, and changes of a baseline for its
 * quantity.
 */
export function contractsOf(msp: DemoMsp, now: number, idOfClient: (index: number) => string) {
  const contracts = demoAgreements(msp, now).flatMap(({ id, company, companyIndex, lines }) =>
    lines.map(({ product, quantity, price, from, to, free }, index): Row => {
      const contractId = String(FIRST_CONTRACT + BigInt(id * 100 + index));
      const change = (changeId: string, effectiveDate: string, units: number, quantityChangeOperation: string) => ({
        ...{ changeId, effectiveDate, endDate: null, quantity: String(units), quantityChangeOperation },
      });
      const isGrown = quantity > 8;
      return {
        contractId,
        client: { accountId: idOfClient(companyIndex), name: company.name },
        startDate: from,
        endDate: to ?? null,
        contractStatus: to !== undefined ? 'INACTIVE' : from > firstDayOfMonth(now, 0) ? 'DRAFT' : 'ACTIVE',
        contract: {
          contractId: `${contractId}1`,
          name: product.name,
          contractType: 'USAGE',
          billableContract: {
            contractId: `${contractId}2`,
            chargeItem: { itemId: itemId(product.id), name: product.code },
            quantityCalculationType: 'FIXED',
            sellingPriceOverridden: free === true,
            sellingPrice: free === true ? { model: 'PER_UNIT', details: [{ value: price }] } : null,
            discountRate: null,
            frequencyType: 'RECURRING',
            billableSiteType: 'HQ',
            sites: [],
            recurringContract: {
              recurringMode: 'ADVANCE',
              frequencyDurationUnit: 'MONTH',
              frequencyInterval: 1,
              nextBillDate: firstDayOfMonth(now, 1),
            },
            changes: isGrown
              ? [
                  change('1', from, quantity - 3, 'BASELINE'),
                  change('2', from, 5, 'INCREASE'),
                  change('3', from, 2, 'DECREASE'),
                ]
              : [change('1', from, quantity, 'BASELINE')],
          },
        },
      };
    }),
  );
  const items = DEMO_PRODUCTS.map(
    ({ id, code, price, cost }): Row => ({ itemId: itemId(id), name: code, unitPrice: price, costPrice: cost }),
  );
  return { contracts, items };
}
