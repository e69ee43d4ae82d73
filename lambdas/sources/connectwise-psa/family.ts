import type { Agreement } from './shapes.ts';

/** A parent agreement and its children, which are invoiced together; for most agreements, itself alone. */
export type Family = { head: Agreement; members: Agreement[] };

/** Agreements by the one they are invoiced with; one whose parent is not listed is a family by itself. */
export function familiesOf(agreements: readonly Agreement[]): Family[] {
  const byId = new Map(agreements.map((agreement) => [agreement.id, agreement]));
  const headOf = (agreement: Agreement, below: ReadonlySet<number> = new Set()): Agreement => {
    const parent = byId.get(agreement.parentAgreement?.id ?? agreement.id);
    if (parent === undefined || parent === agreement || below.has(parent.id)) return agreement;
    return headOf(parent, new Set([...below, agreement.id]));
  };
  return [...Map.groupBy(agreements, (agreement) => headOf(agreement))].map(([head, members]) => ({ head, members }));
}
