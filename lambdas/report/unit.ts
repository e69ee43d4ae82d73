/**
 * One unit that a collector counted: a device, an endpoint, a user, a subscription. Yielded with its count, from the
 * row that was read anyway. If a column's units are yielded, all of them are: they add up to the count, or the column
 * shows none.
 */
export type Unit = {
  /** The vendor's id of the customer, as in `CustomerCount`. */
  customer: string;
  /** Title of the column that it counts in. */
  column: string;
  /** The vendor's id of the unit. The same id twice in one column of one customer is one unit. */
  id: string;
  /** As the vendor calls it, for people; may be empty. */
  name: string;
  /** What it adds to the count: 1 for a device, the seats of a subscription. Unrounded. */
  quantity: number;
};

/** A unit's name for people: the id if the name is empty. */
export const unitName = ({ id, name }: Pick<Unit, 'id' | 'name'>): string => (name.trim() === '' ? id : name);
