import * as z from 'zod/mini';
import type { Collection } from '../report/collection.ts';
import { ReportError } from '../report/errors.ts';
import type { Evidence } from '../wire/api.ts';
import { KeptAnswers, KeptForm } from '../wire/kept-answers.ts';
import { ListLost, ListUnsound } from '../wire/list.ts';
import { RequestPath } from '../wire/request.ts';
import { idleAfter, Paused, type Session } from '../wire/session.ts';
import type { Given } from '../wire/settings.ts';
import { belowPartner } from './below-partner.ts';
import { CustomerUnlisted } from './customer-draft.ts';
import { type DetailSink, DetailStream } from './details.ts';
import { checkPlausible } from './plausible.ts';
import type { RunContext } from './run-context.ts';
import { Tally, type TallySnapshot } from './tally.ts';
import type { Collector } from './vendor.ts';
import { VendorApi } from './vendor-api.ts';

/** What is kept between two lifetimes of one collection. */
export type Checkpoint = {
  /** Whole pieces of work, each by its key. */
  done: [key: string, tally: TallySnapshot][];
  /** What was answered outside of them: pages of lists, for the most part. */
  answers: KeptForm;
  /** How many answers were kept at a time, at most. */
  furthest: number;
  requests: number;
  idle: number;
};

/** How one lifetime ended: with the collection, or with a checkpoint and a wait. */
export type Lifetime =
  | { outcome: 'complete'; collection: Collection }
  | { outcome: 'paused'; checkpoint: Checkpoint; waitSeconds: number; reason: string };

/** No MSP has more customers; a vendor that lists ever new ones would take the memory of the whole run. */
const MOST_CUSTOMERS = 100_000;

/** What changed under our hands is read again this often before it is an error. */
const REREADS = 1;

const hasMoved = (error: unknown): boolean => error instanceof ListUnsound || error instanceof CustomerUnlisted;

const CheckpointShape = z.object({
  /** The snapshots are our own, and are not looked into. */
  done: z.array(z.tuple([z.string(), z.custom<TallySnapshot>((tally) => typeof tally === 'object' && tally !== null)])),
  /** Of an older build, or unreadable: then what it stands for is asked for again. */
  answers: z.catch(KeptForm, []),
  furthest: z.catch(z.number(), 0),
  requests: z.number(),
  idle: z.number(),
});

/** Reads a checkpoint back. */
export const readCheckpoint = (value: unknown): Checkpoint => z.parse(CheckpointShape, value);

/**
 * Collects from one vendor within one lifetime, from the start or from a checkpoint.
 * `details` takes what was counted one by one, as it comes.
 * Errors: those of the request path; `ConfigurationError` for bad settings; `VendorContractError` where emptiness is
 * not believed (`plausible.ts`); and, where every customer that is not left out failed, the first one's error.
 */
export async function collect(
  collector: Collector,
  given: Given,
  context: RunContext,
  session: Session,
  onCustomers: (customers: number) => void,
  checkpoint?: Checkpoint,
  details?: DetailSink,
): Promise<Lifetime> {
  session.redactor.hide(given.secret);
  const opened = collector.open(given, context);
  const done = new Map(checkpoint?.done.map(([key, snapshot]) => [key, Tally.restore(snapshot)]));
  session.requests += checkpoint?.requests ?? 0;
  const stream = new DetailStream(details);
  const kept = new KeptAnswers(session.redactor, checkpoint?.answers);
  let progressed = false;

  for (let rereads = 0; ; ) {
    kept.begin();
    const evidence: Evidence = { lists: [], comparisons: [] };
    const tally = new Tally();
    const asked = new Set<string>();
    const isDone = (key: string): boolean => {
      asked.add(key);
      return done.has(key);
    };
    try {
      await stream.startAgain();
      const api = new VendorApi(new RequestPath(opened.api, session), isDone, evidence, kept);
      for await (const fact of opened.collect(api)) {
        if (fact.fact === 'piece') {
          const piece = new Tally();
          for (const part of fact.facts) piece.add(part);
          await stream.addPiece(fact.key, fact.facts);
          done.set(fact.key, piece);
          progressed ||= fact.unanswered !== true;
        } else {
          tally.add(fact);
          await stream.add(fact);
          if (fact.fact === 'customer') onCustomers(tally.customers);
          if (tally.customers > MOST_CUSTOMERS) {
            const message = `${collector.name} lists more than ${MOST_CUSTOMERS} customers, which is not plausible`;
            throw new ReportError('VendorContractError', message);
          }
        }
      }
      await stream.flush();
      // What the vendor no longer lists is not asked for any more; its customers may be gone, or in another piece of work.
      for (const [key, piece] of done) if (asked.has(key)) tally.merge(piece);
      return { outcome: 'complete', collection: finish(collector, context, tally, evidence, session) };
    } catch (error) {
      if (error instanceof ListLost) continue;
      if (hasMoved(error) && rereads < REREADS) {
        rereads += 1;
        kept.clear();
        continue;
      }
      if (!(error instanceof Paused)) throw error;
      const before = checkpoint?.furthest ?? 0;
      const idle = idleAfter(error, progressed || kept.furthest > before, checkpoint?.idle);
      return {
        outcome: 'paused',
        checkpoint: {
          done: [...done].map(([key, piece]) => [key, piece.snapshot()]),
          answers: kept.snapshot(),
          furthest: Math.max(kept.furthest, before),
          requests: session.requests,
          idle,
        },
        waitSeconds: error.waitSeconds,
        reason: error.reason,
      };
    }
  }
}

function finish(
  collector: Collector,
  context: RunContext,
  tally: Tally,
  evidence: Evidence,
  session: Session,
): Collection {
  const { columns, customers: read, notes } = tally.result();
  const customers = [...read, ...belowPartner(collector, read, tally.partners, context.mapped)];
  const failed = customers.filter((customer) => customer.state === 'failed');
  const [first] = failed;
  if (first !== undefined && !customers.some(({ state }) => state === 'counted')) {
    throw new ReportError(first.error, `every customer of ${collector.name} failed; the first: ${first.reason}`);
  }
  const sum = (member: 'pages' | 'rows' | 'distinct') =>
    evidence.lists.reduce((total, list) => total + list[member], 0);
  const receipt = {
    requests: session.requests,
    pages: sum('pages'),
    rows: sum('rows'),
    distinct: sum('distinct'),
    lists: evidence.lists,
    comparisons: evidence.comparisons,
  };
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
