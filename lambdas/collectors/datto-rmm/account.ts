import * as z from 'zod/mini';
import type { Fact, Reading } from '../../counting/facts.ts';
import { aside } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { quantity } from '../../report/quantity.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import type { Column, Fleet } from './devices.ts';

/** Why figures that differ are not a fault: neither is shown, and what they include is not documented. */
export const LOOSE = 'Datto RMM does not say which devices that figure includes';

const Account = z.object({
  devicesStatus: aside(z.object({ numberOfDevices: aside(z.int()), numberOfOnDemandDevices: aside(z.int()) })),
});
export type Figures = z.output<typeof Account>['devicesStatus'];

/** The account's own figures, if it gives any and the key may read them: no number depends on them. */
export async function* accountFigures({ api, note }: Verbs<never>): Reading<Figures> {
  try {
    return (await api.get('/v2/account', { schema: Account })).devicesStatus;
  } catch (error) {
    if (!(error instanceof RefusedAnswer) || error.status !== 403) throw error;
    yield note("not compared with the account's own figures, because the key may not read the account");
    return undefined;
  }
}

/** Remarks on all devices together. */
export function* accountRemarks(
  { note, compare }: Verbs<Column>,
  all: readonly Fleet[],
  { numberOfDevices, numberOfOnDemandDevices }: NonNullable<Figures>,
): Generator<Fact> {
  const sum = (figureOf: (fleet: Fleet) => number): number => all.reduce((total, fleet) => total + figureOf(fleet), 0);
  const suspended = sum((fleet) => fleet.suspended);
  if (suspended > 0) yield note(`${quantity(suspended, 'suspended device')} counted`);
  const devices = sum((fleet) => fleet.devices);
  const onDemand = sum(({ counted }) => counted.filter(({ column }) => column === 'onDemand').length);
  if (typeof numberOfDevices === 'number')
    yield* compare('devices of the account', devices, numberOfDevices, { loose: LOOSE });
  if (typeof numberOfOnDemandDevices === 'number')
    yield* compare('OnDemand devices of the account', onDemand, numberOfOnDemandDevices, { loose: LOOSE });
}
