import type { Service } from '../billing/configuration.ts';
import type { Reconciliation } from '../billing/reconciliation.ts';
import type { TermRow } from '../terms/term-row.ts';

/**
 * How many seats of a subscription no customer is billed for: what its company has of a service beyond what is billed.
 * 0 if that is not certain: if the company's units of the service are not all seats of this subscription, it is not
 * known which of them are too many; if a rule changes the count, the difference is not in seats.
 */
export function notBilledSeats(
  { rows }: Pick<Reconciliation, 'rows'>,
  services: readonly Pick<Service, 'id' | 'counts'>[],
): (terms: readonly TermRow[]) => (term: TermRow) => number {
  const compared = new Map(
    rows.flatMap(({ companyId, serviceId, counted, billable, difference }) =>
      companyId === null || serviceId === null || difference === null || counted !== billable
        ? []
        : [[keyOf(companyId, serviceId), { counted: Number(counted), extra: Math.max(0, Number(difference)) }]],
    ),
  );
  const servicesOf = ({ columns }: TermRow) =>
    services.filter(({ counts }) => counts.some((title) => columns.includes(title)));
  return (terms) => {
    const subscriptions = new Map<string, number>();
    for (const term of terms) {
      for (const { id } of servicesOf(term)) {
        const key = keyOf(term.owner.company?.id, id);
        subscriptions.set(key, (subscriptions.get(key) ?? 0) + 1);
      }
    }
    return (term) => {
      const [service, ...others] = servicesOf(term);
      const key = keyOf(term.owner.company?.id, service?.id);
      const row = compared.get(key);
      const isAlone = others.length === 0 && subscriptions.get(key) === 1 && row?.counted === term.quantity;
      return isAlone ? (row?.extra ?? 0) : 0;
    };
  };
}

const keyOf = (company: string | undefined, service: string | undefined): string => JSON.stringify([company, service]);
