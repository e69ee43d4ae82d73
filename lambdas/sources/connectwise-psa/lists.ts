import type { Period } from '../../billing/period.ts';
import type { Manage } from '../../psa/connectwise-psa/manage.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { type Addition, Additions, type Agreement, fieldsOf } from './shapes.ts';

/** Agreements that can still bill something in the period; the expired and cancelled ones before it are not listed. */
export const openIn = ({ first }: Period): string =>
  `(cancelledFlag=false or dateCancelled>=[${first}]) and (noEndingDateFlag=true or endDate>=[${first}])`;

/**
 * Reads the additions of an agreement that are not over before the period. A null test on a date is known from other
 * lists and not documented for this one: if it is refused, all additions are read, and the dates on the lines decide.
 */
export function additionsOf(manage: Manage, { first }: Period): (agreement: Agreement) => AsyncGenerator<Addition> {
  let filter: string | undefined = `(cancelledDate=null or cancelledDate>=[${first}])`;
  const read = (id: number, conditions: string | undefined) =>
    manage.list(`/finance/agreements/${id}/additions`, Additions, { conditions, fields: fieldsOf(Additions) });
  return async function* ({ id }) {
    const conditions = filter;
    try {
      yield* read(id, conditions);
    } catch (error) {
      if (conditions === undefined || !(error instanceof RefusedAnswer) || error.status !== 400) throw error;
      filter = undefined;
      yield* read(id, undefined);
    }
  };
}
