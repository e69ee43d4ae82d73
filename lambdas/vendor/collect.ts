import * as z from 'zod/mini';
import type { Collection } from '../report/collection.ts';
import { CustomerUnlisted } from '../report/customer-draft.ts';
import { ReportError } from '../report/errors.ts';
import { Tally, type TallySnapshot } from '../report/tally.ts';
import { Api, type Evidence } from './api.ts';
import type { Collector, Occasion } from './collector.ts';
import { ListUnsound } from './list.ts';
import { doubt } from './plausible.ts';
import { RequestPath } from './request.ts';
import { Paused, type Session } from './session.ts';
import type { Given } from './settings.ts';

/** What is kept between two lifetimes of one collection: only whole pieces of work. */
export type Checkpoint = { done: string[]; tally: TallySnapshot; requests: number; idle: number };

/** How one lifetime ended: with the collection, or with a checkpoint and a wait. */
export type Outcome =
  | { outcome: 'complete'; collection: Collection }
  | { outcome: 'paused'; checkpoint: Checkpoint; waitSeconds: number; reason: string };

/** After this many lifetimes in a row that finished nothing, waiting longer is no plan. */
const IDLE_LIFETIMES = 3;

/** What changed under our hands is read again this often before it is an error. */
const REREADS = 1;

const hasMoved = (error: unknown): boolean => error instanceof ListUnsound || error instanceof CustomerUnlisted;

const CheckpointShape = z.object({ done: z.array(z.string()), requests: z.number(), idle: z.number() });

/** Reads a checkpoint back. */
export function readCheckpoint(value: unknown): Checkpoint {
  const { done, requests, idle } = z.parse(CheckpointShape, value);
  return { done, requests, idle, tally: (value as Checkpoint).tally };
}

/**
 * Collects from one vendor within one lifetime, from the start or from a checkpoint.
 * Errors: those of the request path; `ConfigurationError` for bad settings; `VendorContractError` where emptiness is
 * not believed (`plausible.ts`); and, where every customer that is not left out failed, the first one's error.
 */
export async function collect(
  collector: Collector,
  given: Given,
  occasion: Occasion,
  session: Session,
  onCustomers: (customers: number) => void,
  checkpoint?: Checkpoint,
): Promise<Outcome> {
  session.redactor.hide(given.secret);
  const opened = collector.open(given, occasion);
  const done = new Set(checkpoint?.done);
  const units = checkpoint === undefined ? new Tally() : Tally.restore(checkpoint.tally);
  session.requests += checkpoint?.requests ?? 0;
  const doneBefore = done.size;

  for (let reread = 0; ; reread += 1) {
    const evidence: Evidence = { lists: [], comparisons: [] };
    const tally = new Tally();
    try {
      const api = new Api(new RequestPath(opened.api, session), done, evidence);
      for await (const fact of opened.collect(api)) {
        if (fact.fact === 'unit') {
          for (const part of fact.facts) units.add(part);
          done.add(fact.key);
        } else {
          tally.add(fact);
          if (fact.fact === 'customer') onCustomers(tally.customers);
        }
      }
      tally.merge(units);
      return { outcome: 'complete', collection: finish(collector, occasion, tally, evidence, session) };
    } catch (error) {
      if (hasMoved(error) && reread < REREADS) continue;
      if (!(error instanceof Paused)) throw error;
      const idle = done.size > doneBefore ? 0 : (checkpoint?.idle ?? 0) + 1;
      if (idle >= IDLE_LIFETIMES) {
        throw new ReportError('VendorRateLimitError', `${error.reason}; ${idle} attempts in a row could not get on`);
      }
      return {
        outcome: 'paused',
        checkpoint: { done: [...done], tally: units.snapshot(), requests: session.requests, idle },
        waitSeconds: error.waitSeconds,
        reason: error.reason,
      };
    }
  }
}

function finish(
  collector: Collector,
  occasion: Occasion,
  tally: Tally,
  evidence: Evidence,
  session: Session,
): Collection {
  const { columns, customers, notes } = tally.result();
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
  const { refuse, remark } = doubt({ customers, receipt }, occasion.mapped.length, occasion.past);
  if (refuse !== undefined) throw new ReportError('VendorContractError', `${collector.name}: ${refuse}`);
  return {
    integration: collector.id,
    asOf: occasion.asOf,
    status: failed.length > 0 ? 'partial' : 'collected',
    columns,
    customers,
    notes: remark === undefined ? notes : [...notes, remark],
    receipt,
  };
}
