import { type Decimal, largest, ZERO } from './decimal.ts';

/** Units that are charged: those that are not free. No more can be free than there are, and of a credit none is. */
export const chargedUnits = (quantity: Decimal, included: Decimal): Decimal =>
  quantity.lt(0) ? quantity : largest(quantity.minus(included), ZERO);
