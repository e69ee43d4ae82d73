import type { BilledCustomer, BilledLine, ReadSide } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import { withoutCurrency } from '../../billing/without-currency.ts';
import { type Failure, ReportError } from '../../report/errors.ts';
import type { Evidence } from '../../wire/api.ts';
import {
  type Checkpoint,
  checkpointForm,
  type Lifetime,
  oneLifetime,
  type Pieces,
  receiptOf,
} from '../../wire/lifetime.ts';
import type { Session } from '../../wire/session.ts';
import type { BilledFact } from './fact.ts';
import type { OpenSource } from './source.ts';

/** What is kept between two lifetimes: a piece of work is what was read in it. */
export const BilledCheckpoint = checkpointForm<BilledFact[]>();
export type BilledCheckpoint = Checkpoint<BilledFact[]>;

/**
 * Reads one source within one lifetime, from the start or from a checkpoint. `label` goes on every line as `Billed
 * From`; `mappedIds` are the ids by which companies name its customers.
 * Errors: those of the request path; `VendorContractError` if nothing is billed although companies are mapped.
 */
export async function readSide(
  source: { name: string; label: string; open: OpenSource },
  period: Period,
  mappedIds: readonly string[],
  session: Session,
  checkpoint?: BilledCheckpoint,
): Promise<Lifetime<ReadSide, BilledFact[]>> {
  return oneLifetime(session, checkpoint, {
    async read(pieces: Pieces<BilledFact[]>, kept) {
      const facts: BilledFact[] = [];
      const { api, parts } = source.open.read(period, session, pieces.isDone, kept);
      for await (const part of parts) {
        if ('piece' in part) pieces.add(part.piece, part.facts, part);
        else facts.push(part);
      }
      for (const piece of pieces.asked()) facts.push(...piece);
      const side = sideOf(source.label, period, facts, api.evidence, session);
      refuseEmptiness(source.name, side, mappedIds);
      return side;
    },
    snapshot: (piece) => piece,
    restore: (piece) => piece,
  });
}

function sideOf(
  label: string,
  { first }: Period,
  facts: readonly BilledFact[],
  evidence: Evidence,
  session: Session,
): ReadSide {
  const customers = new Map<string, BilledCustomer>();
  const failures = new Map<string, Failure>();
  const lines = new Map<string, BilledLine>();
  const notes = new Set<string>();
  for (const fact of facts) {
    if (fact.fact === 'customer') customers.set(fact.customer.id, fact.customer);
    else if (fact.fact === 'line') addLine(lines, { ...fact.line, billedFrom: label }, failures);
    else if (fact.fact === 'unread') failures.set(fact.customerId, fact.failure);
    else notes.add(fact.note);
  }
  for (const [id, failure] of failures) {
    customers.set(id, { ...(customers.get(id) ?? { id, name: id, aliases: [] }), failure });
  }
  const billed = [...lines.values()];
  return {
    status: failures.size > 0 ? 'partial' : 'collected',
    day: first,
    lines: billed,
    customers: [...customers.values()],
    receipt: receiptOf(evidence, session),
    notes: [...notes, ...withoutCurrency(billed, 'name it as "currency" next to "integration" in billing.json')],
  };
}

/**
 * A line that two lists name counts once. Two that differ under one id leave no way to tell which is true: nothing of
 * their customers is compared.
 */
function addLine(lines: Map<string, BilledLine>, line: BilledLine, failures: Map<string, Failure>): void {
  const earlier = lines.get(line.id) ?? line;
  lines.set(line.id, earlier);
  if (JSON.stringify(earlier) === JSON.stringify(line)) return;
  const message = `two different lines have the id ${line.id}`;
  for (const { customer } of [earlier, line]) failures.set(customer.id, { error: 'VendorContractError', message });
}

function refuseEmptiness(name: string, { lines, customers }: ReadSide, mappedIds: readonly string[]): void {
  if (mappedIds.length === 0 || lines.length > 0 || customers.some(({ failure }) => failure !== undefined)) return;
  throw new ReportError(
    'VendorContractError',
    `${name} lists nothing that is billed although ${mappedIds.length === 1 ? 'a company is' : `${mappedIds.length} companies are`} mapped to it; usually the key may not read agreements`,
  );
}
