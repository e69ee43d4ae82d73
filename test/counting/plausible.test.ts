import { describe, expect, it } from 'vitest';
import { checkPlausible } from '../../lambdas/counting/plausible.ts';
import type { CustomerCount, ListReceipt, Receipt } from '../../lambdas/report/collection.ts';

const customer = (id: string, seats: number): CustomerCount => ({
  id,
  aliases: [],
  name: `Customer ${id}`,
  state: 'counted',
  counts: { Seats: seats },
  gaps: {},
  notes: [],
});

const leftOut = ({ id, name }: CustomerCount): CustomerCount => {
  const nothing = { aliases: [], counts: {}, gaps: {}, notes: [] };
  return { id, name, state: 'excluded', reason: 'inactive', ...nothing };
};

const list = (distinct: number, declaredTotal?: number): ListReceipt => ({
  list: '/list',
  pages: 1,
  rows: distinct,
  distinct,
  ...(declaredTotal === undefined ? {} : { declaredTotal }),
  end: 'an empty page',
});

const receipt = (...lists: ListReceipt[]): Receipt => ({
  requests: 1,
  pages: 1,
  rows: 1,
  distinct: 1,
  lists,
  comparisons: [],
});

const past = { runId: 'october', asOf: '2026-10-22T06:30:00Z', customers: 40, units: 900 };

describe('emptiness', () => {
  it('is not believed if companies are mapped and no customer is listed', () => {
    expect(checkPlausible({ customers: [], receipt: receipt(list(0, 0)) }, 3, undefined).refuse).toContain(
      '3 are mapped',
    );
  });

  it('is not believed if the last run listed somebody', () => {
    expect(checkPlausible({ customers: [], receipt: receipt(list(0)) }, 0, past).refuse).toContain(
      '40 with 900 units on 2026-10-22',
    );
  });

  it('is believed of a vendor that nobody uses yet', () => {
    expect(checkPlausible({ customers: [], receipt: receipt(list(0)) }, 0, undefined)).toEqual({});
  });

  it('is not believed of all customers at once, if only an empty list shows it', () => {
    const customers = [customer('1', 0), customer('2', 0)];
    expect(checkPlausible({ customers, receipt: receipt(list(2), list(0)) }, 1, undefined).refuse).toContain(
      'all with a count of 0',
    );
    expect(checkPlausible({ customers, receipt: receipt(list(2)) }, 1, past).refuse).toBe(
      '2 customers are listed, all with a count of 0, 40 with 900 units on 2026-10-22; nothing else confirms that, so the numbers are not used',
    );
  });

  it('is believed if the vendor declares it', () => {
    const customers = [customer('1', 0), customer('2', 0)];
    expect(checkPlausible({ customers, receipt: receipt(list(2, 2), list(0, 0)) }, 1, undefined)).toEqual({});
  });

  it('is believed if a second figure of the vendor agrees', () => {
    const compared = { figure: 'devices', counted: 0, declared: 0, tolerance: 0, agrees: true };
    const customers = [customer('1', 0)];
    expect(
      checkPlausible({ customers, receipt: { ...receipt(list(0)), comparisons: [compared] } }, 1, undefined),
    ).toEqual({});
  });

  it('is not believed if one list declares its total and another is empty without one', () => {
    const customers = [customer('1', 0), customer('2', 0)];
    const refusal = (...lists: ListReceipt[]) =>
      checkPlausible({ customers, receipt: receipt(...lists) }, 1, undefined).refuse;
    expect(refusal(list(2, 2), list(0))).toContain('all with a count of 0');
    expect(refusal(list(2, 2), list(3))).toBeUndefined();
    expect(refusal(list(2), list(0, 0))).toBeUndefined();
  });

  it('is believed of several customers if a second figure agrees, not if it differs', () => {
    const customers = [customer('1', 0), customer('2', 0)];
    const refusal = (agrees: boolean) => {
      const compared = { figure: 'devices', counted: 0, declared: agrees ? 0 : 4, tolerance: 0, agrees };
      return checkPlausible({ customers, receipt: { ...receipt(list(0)), comparisons: [compared] } }, 1, undefined)
        .refuse;
    };
    expect(refusal(true)).toBeUndefined();
    expect(refusal(false)).toContain('all with a count of 0');
  });

  it('is believed if no company is mapped, or if all customers are left out', () => {
    const customers = [customer('1', 0), customer('2', 0)];
    expect(checkPlausible({ customers, receipt: receipt(list(2)) }, 0, undefined)).toEqual({});
    const left = customers.map(leftOut);
    expect(checkPlausible({ customers: left, receipt: receipt(list(2)) }, 1, undefined)).toEqual({});
  });

  it('of customers who are all left out is remarked on if they had units before', () => {
    const left = leftOut(customer('1', 0));
    const judgement = checkPlausible({ customers: [left], receipt: receipt(list(1)) }, 1, past);
    expect(judgement.refuse).toBeUndefined();
    expect(judgement.remark).toContain('1 customer with 0 units');
  });

  it('of the one customer that is not left out is that of a single customer', () => {
    const left = leftOut(customer('2', 0));
    expect(checkPlausible({ customers: [customer('1', 0), left], receipt: receipt(list(2)) }, 1, undefined)).toEqual(
      {},
    );
  });

  it('that was there the last time too is no news', () => {
    const nobody = { ...past, customers: 0, units: 0 };
    expect(checkPlausible({ customers: [], receipt: receipt(list(0)) }, 0, nobody)).toEqual({});
    const idle = { ...past, customers: 1, units: 0 };
    expect(checkPlausible({ customers: [customer('1', 0)], receipt: receipt(list(1)) }, 1, idle)).toEqual({});
  });

  it('is told with what the last run had, by the day, or with nothing if there was none', () => {
    expect(checkPlausible({ customers: [], receipt: receipt(list(0)) }, 3, past).refuse).toBe(
      'no customers are listed, although 3 are mapped, 40 with 900 units on 2026-10-22: the credentials see nothing, or the answer is wrong',
    );
    expect(checkPlausible({ customers: [], receipt: receipt(list(0)) }, 3, undefined).refuse).toContain(
      '3 are mapped: the',
    );
  });

  it('of a single customer is believed the first time, and not if it had units before', () => {
    expect(checkPlausible({ customers: [customer('1', 0)], receipt: receipt(list(1)) }, 1, undefined)).toEqual({});
    expect(checkPlausible({ customers: [customer('1', 0)], receipt: receipt(list(1)) }, 1, past).refuse).toContain(
      '900 units',
    );
  });

  it('of one customer beside others is a true 0', () => {
    expect(
      checkPlausible({ customers: [customer('1', 0), customer('2', 5)], receipt: receipt(list(2)) }, 2, undefined),
    ).toEqual({});
  });
});

describe('shrinking', () => {
  const many = (units: number) => Array.from({ length: 40 }, (_, index) => customer(String(index), units));

  it('below half of the last run is remarked on, with both figures', () => {
    expect(checkPlausible({ customers: many(5), receipt: receipt(list(40)) }, 5, past).remark).toMatch(
      /200 units, 40 with 900 units/u,
    );
  });

  it('is remarked on in customers as in units, from below the half', () => {
    const some = (customers: number, units: number) =>
      Array.from({ length: customers }, (_, index) => customer(String(index), units / customers));
    const remark = (customers: number, units: number) =>
      checkPlausible({ customers: some(customers, units), receipt: receipt(list(customers)) }, 5, past).remark;
    expect(remark(20, 450)).toBeUndefined();
    expect(remark(19, 950)).toBe(
      '19 customers with 950 units, 40 with 900 units on 2026-10-22; please check: that is less than half of the last run',
    );
    expect(remark(20, 440)).toContain('20 customers with 440 units');
  });

  it('by less is nobody else’s business', () => {
    expect(checkPlausible({ customers: many(20), receipt: receipt(list(40)) }, 5, past)).toEqual({});
  });
});
