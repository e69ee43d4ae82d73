import * as z from 'zod/mini';
import type { BilledCustomer, BilledLine, ReadSide } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import { withoutCurrency } from '../../billing/without-currency.ts';
import { type Failure, ReportError } from '../../report/errors.ts';
import type { Evidence } from '../../wire/api.ts';
import { KeptAnswers, KeptForm } from '../../wire/kept-answers.ts';
import { ListLost, ListUnsound } from '../../wire/list.ts';
import { idleAfter, Paused, type Session } from '../../wire/session.ts';
import type { BilledFact } from './fact.ts';
import type { OpenSource } from './source.ts';

/** What is kept between two lifetimes. */
export type BilledCheckpoint = {
  /** Finished pieces of work, each by its key. */
  done: [key: string, facts: BilledFact[]][];
  /** What was answered outside of them. */
  answers: KeptForm;
  /** How many answers were kept at a time, at most. */
  furthest: number;
  requests: number;
  idle: number;
};

/** How one lifetime ended. */
export type BilledReading =
  | { outcome: 'complete'; side: ReadSide }
  | { outcome: 'paused'; checkpoint: BilledCheckpoint; waitSeconds: number; reason: string };

const Checkpoint = z.object({
  /** The facts are our own, and are not looked into. */
  done: z.array(
    z.tuple([z.string(), z.array(z.custom<BilledFact>((fact) => typeof fact === 'object' && fact !== null))]),
  ),
  /** Of an older build, or unreadable: then what it stands for is asked for again. */
  answers: z.catch(KeptForm, []),
  furthest: z.catch(z.number(), 0),
  requests: z.number(),
  idle: z.number(),
});

/** Reads a checkpoint back. */
export const readBilledCheckpoint = (value: unknown): BilledCheckpoint => z.parse(Checkpoint, value);

/** A list that moved while it was read is read again this often before that is an error. */
const REREADS = 1;

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
): Promise<BilledReading> {
  const done = new Map(checkpoint?.done);
  session.requests += checkpoint?.requests ?? 0;
  const kept = new KeptAnswers(session.redactor, checkpoint?.answers);
  let progressed = false;

  for (let rereads = 0; ; ) {
    kept.begin();
    const facts: BilledFact[] = [];
    const asked = new Set<string>();
    const isDone = (key: string): boolean => {
      asked.add(key);
      return done.has(key);
    };
    const { api, parts } = source.open.read(period, session, isDone, kept);
    try {
      for await (const part of parts) {
        if (!('piece' in part)) facts.push(part);
        else {
          done.set(part.piece, part.facts);
          asked.add(part.piece);
          progressed ||= part.unanswered !== true;
        }
      }
      // An agreement that is no longer listed is not asked for any more, so what was read of it is gone too.
      for (const [key, read] of done) if (asked.has(key)) facts.push(...read);
      const side = sideOf(source.label, period, facts, api.evidence, session);
      refuseEmptiness(source.name, side, mappedIds);
      return { outcome: 'complete', side };
    } catch (error) {
      if (error instanceof ListLost) continue;
      if (error instanceof ListUnsound && rereads < REREADS) {
        rereads += 1;
        kept.clear();
        continue;
      }
      if (!(error instanceof Paused)) throw error;
      const before = checkpoint?.furthest ?? 0;
      const idle = idleAfter(error, progressed || kept.furthest > before, checkpoint?.idle);
      const furthest = Math.max(kept.furthest, before);
      return {
        outcome: 'paused',
        checkpoint: { done: [...done], answers: kept.snapshot(), furthest, requests: session.requests, idle },
        waitSeconds: error.waitSeconds,
        reason: error.reason,
      };
    }
  }
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
    else if (fact.fact === 'line') addLine(lines, { ...fact.line, billedFrom: label });
    else if (fact.fact === 'unread') failures.set(fact.customerId, fact.failure);
    else notes.add(fact.note);
  }
  for (const [id, failure] of failures) {
    customers.set(id, { ...(customers.get(id) ?? { id, name: id, aliases: [] }), failure });
  }
  const billed = [...lines.values()];
  const sum = (member: 'pages' | 'rows' | 'distinct') =>
    evidence.lists.reduce((total, list) => total + list[member], 0);
  return {
    status: failures.size > 0 ? 'partial' : 'collected',
    day: first,
    lines: billed,
    customers: [...customers.values()],
    receipt: {
      requests: session.requests,
      pages: sum('pages'),
      rows: sum('rows'),
      distinct: sum('distinct'),
      lists: evidence.lists,
      comparisons: evidence.comparisons,
    },
    notes: [...notes, ...withoutCurrency(billed, 'name it as "currency" beside "integration" in billing.json')],
  };
}

/** A line that two lists name counts once; two that differ under one id leave no way to tell which is true. */
function addLine(lines: Map<string, BilledLine>, line: BilledLine): void {
  const known = lines.get(line.id);
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(line)) {
    throw new ReportError('VendorContractError', `two different lines have the id ${line.id}`);
  }
  lines.set(line.id, line);
}

function refuseEmptiness(name: string, { lines, customers }: ReadSide, mappedIds: readonly string[]): void {
  if (mappedIds.length === 0 || lines.length > 0 || customers.some(({ failure }) => failure !== undefined)) return;
  throw new ReportError(
    'VendorContractError',
    `${name} lists nothing that is billed although ${mappedIds.length === 1 ? 'a company is' : `${mappedIds.length} companies are`} mapped to it; usually the key may not read agreements`,
  );
}
