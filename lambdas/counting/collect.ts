import type { Collection } from '../report/collection.ts';
import { ReportError } from '../report/errors.ts';
import type { Evidence } from '../wire/api.ts';
import {
  type Checkpoint,
  checkpointForm,
  type Lifetime,
  oneLifetime,
  type Pieces,
  receiptOf,
} from '../wire/lifetime.ts';
import { ListUnsound } from '../wire/list.ts';
import { RequestPath } from '../wire/request.ts';
import type { Session } from '../wire/session.ts';
import type { Given } from '../wire/settings.ts';
import { CustomerUnlisted } from './customer-draft.ts';
import { type DetailSink, DetailStream } from './details.ts';
import { hiddenCustomers } from './hidden-customers.ts';
import { checkPlausible } from './plausible.ts';
import type { RunContext } from './run-context.ts';
import { Tally, type TallySnapshot } from './tally.ts';
import type { Collector } from './vendor.ts';
import { VendorApi } from './vendor-api.ts';

/** What is kept between two lifetimes of one collection: a piece of work is what was counted in it. */
export const CollectionCheckpoint = checkpointForm<TallySnapshot>();
export type CollectionCheckpoint = Checkpoint<TallySnapshot>;

/** No MSP has more customers; a vendor that lists new ones without end would take the memory of the whole run. */
const MOST_CUSTOMERS = 100_000;

const hasMoved = (error: unknown): boolean => error instanceof ListUnsound || error instanceof CustomerUnlisted;

/**
 * Collects from one vendor within one lifetime, from the start or from a checkpoint. `details` takes units and
 * subscriptions as they come.
 * Errors: those of the request path; `ConfigurationError` for bad settings; `VendorContractError` if emptiness is not
 * believed (`plausible.ts`); and, if every customer that is not excluded failed, the first one's error.
 */
export async function collect(
  collector: Collector,
  given: Given,
  context: RunContext,
  session: Session,
  onCustomers: (customers: number) => void,
  checkpoint?: CollectionCheckpoint,
  details?: DetailSink,
): Promise<Lifetime<Collection, TallySnapshot>> {
  session.redactor.hide(given.secret);
  const opened = collector.open(given, context);
  const stream = new DetailStream(details);
  return oneLifetime(session, checkpoint, {
    async read(pieces: Pieces<Tally>, kept) {
      const evidence: Evidence = { lists: [], comparisons: [] };
      const tally = new Tally();
      await stream.startAgain();
      const api = new VendorApi(new RequestPath(opened.api, session), pieces.isDone, evidence, kept);
      for await (const fact of opened.collect(api)) {
        if (fact.fact === 'piece') {
          const piece = new Tally();
          for (const part of fact.facts) piece.add(part);
          await stream.addPiece(fact.key, fact.facts);
          pieces.add(fact.key, piece, fact);
        } else {
          tally.add(fact);
          refuseTooMany(collector, tally.customers);
          await stream.add(fact);
          if (fact.fact === 'customer') onCustomers(tally.customers);
        }
      }
      await stream.flush();
      for (const piece of pieces.asked()) tally.merge(piece);
      return finish(collector, context, tally, evidence, session);
    },
    snapshot: (piece) => piece.snapshot(),
    restore: Tally.restore,
    hasMoved,
  });
}

/** Rows can name customers that the vendor's list lacks, so every fact may bring one more. */
function refuseTooMany({ name }: Collector, customers: number): void {
  if (customers <= MOST_CUSTOMERS) return;
  throw new ReportError(
    'VendorContractError',
    `${name} lists more than ${MOST_CUSTOMERS} customers, which is not plausible`,
  );
}

function finish(
  collector: Collector,
  context: RunContext,
  tally: Tally,
  evidence: Evidence,
  session: Session,
): Collection {
  const { columns, customers: read, notes } = tally.result();
  const customers = [...read, ...hiddenCustomers(collector, read, tally.hiding, context.mapped)];
  const failed = customers.filter((customer) => customer.state === 'failed');
  const [first] = failed;
  if (first !== undefined && !customers.some(({ state }) => state === 'counted')) {
    throw new ReportError(first.error, `every customer of ${collector.name} failed; the first: ${first.reason}`);
  }
  const receipt = receiptOf(evidence, session);
  const remarks = evidence.lists.flatMap((list) => list.note ?? []);
  const { refuse, remark } = checkPlausible({ customers, receipt }, context.mapped.length, context.lastRun);
  if (refuse !== undefined) throw new ReportError('VendorContractError', `${collector.name}: ${refuse}`);
  return {
    integration: collector.id,
    asOf: context.asOf,
    status: failed.length > 0 ? 'partial' : 'collected',
    columns,
    customers,
    notes: [...notes, ...remarks, ...(remark === undefined ? [] : [remark])],
    receipt,
  };
}
