import * as z from 'zod/mini';
import type { Progress } from '../../lambdas/platform/platform.ts';
import { quantity } from '../../lambdas/report/quantity.ts';
import { Caught, caughtError } from '../../lambdas/run/caught-error.ts';

/** The progress of one integration. */
export type IntegrationProgress = {
  id: string;
  name: string;
  status: 'collecting' | 'waiting' | 'collected' | 'partial' | 'failed';
  /** Customers read so far. */
  customers: number;
  /** For `waiting`: when it goes on, milliseconds since the epoch. */
  until?: number;
  /** Why it waits, or why it failed. */
  reason?: string;
};

/** A state was entered or repeated; `index` is set inside the Map. Other events of an engine are ignored. */
export type StateEvent = { type: string; index?: number | undefined; state?: { name: string; input?: unknown } };

const Plan = z.object({
  plan: z.object({ integrations: z.array(z.object({ id: z.string(), installed: z.boolean() })) }),
});
const Iteration = z.object({ integration: z.object({ id: z.string() }) });
const Pause = z.object({ counts: z.object({ waitSeconds: z.number() }) });
const Counts = z.object({ counts: z.object({ status: z.enum(['collected', 'partial']), customers: z.number() }) });
const Fault = z.object({ error: Caught });

/** What a run is doing, from the state machine's events and the collectors' progress. */
export class RunProgress {
  readonly #names: ReadonlyMap<string, string>;
  readonly #now: () => number;
  readonly #integrations = new Map<string, IntegrationProgress>();
  readonly #began = new Map<string, number>();
  readonly #times = new Map<string, number>();
  /** The state that the run is in, outside the Map. */
  state = '';

  /** `names`: integration id -> name for people. */
  constructor(names: ReadonlyMap<string, string>, now: () => number) {
    this.#names = names;
    this.#now = now;
  }

  get integrations(): IntegrationProgress[] {
    return [...this.#integrations.values()];
  }

  /** How long each finished integration took, including waits: integration -> milliseconds. */
  times(): ReadonlyMap<string, number> {
    return this.#times;
  }

  /** A state was entered, left, repeated. Returns the integration that this concerns, if any. */
  entered(event: StateEvent): IntegrationProgress | undefined {
    if ((event.type !== 'StateEntered' && event.type !== 'StateRetried') || event.state === undefined) return undefined;
    const { name, input } = event.state;
    if (event.index === undefined) {
      this.state = name;
      if (name === 'CollectCounts') {
        for (const { id, installed } of z.parse(Plan, input).plan.integrations) if (installed) this.#begin(id);
      }
      return undefined;
    }
    const iteration = z.safeParse(Iteration, input);
    const line = iteration.success ? this.#integrations.get(iteration.data.integration.id) : undefined;
    if (line === undefined) return undefined;
    switch (name) {
      case 'GetCounts':
        if (!this.#began.has(line.id)) this.#began.set(line.id, this.#now());
        return this.#set(line, { status: 'collecting' });
      case 'WaitForVendor': {
        const seconds = z.parse(Pause, input).counts.waitSeconds;
        return this.#set(line, { status: 'waiting', until: this.#now() + seconds * 1000, reason: 'to continue later' });
      }
      case 'Collected':
        return this.#set(line, z.parse(Counts, input).counts);
      case 'CollectionFailed': {
        const caught = z.parse(Fault, input).error;
        const { error, message } = caughtError(caught.Error, caught.Cause);
        return this.#set(line, { status: 'failed', reason: `${error}: ${message}` });
      }
      default:
        return undefined;
    }
  }

  /** A step reports its progress. */
  onProgress(progress: Progress): void {
    if (progress.kind === 'measured') return;
    const line = this.#integrations.get(progress.integration);
    if (line === undefined) return;
    if (progress.kind === 'customers') {
      this.#set(line, { status: 'collecting', customers: progress.customers });
    } else {
      this.#set(line, { status: 'waiting', until: this.#now() + progress.seconds * 1000, reason: progress.reason });
    }
  }

  #begin(id: string): void {
    this.#integrations.set(id, { id, name: this.#names.get(id) ?? id, status: 'collecting', customers: 0 });
  }

  #set(
    { id, name, customers }: IntegrationProgress,
    change: Omit<IntegrationProgress, 'id' | 'name' | 'customers'> & { customers?: number },
  ): IntegrationProgress {
    const line = { id, name, customers, ...change };
    this.#integrations.set(id, line);
    const began = this.#began.get(id);
    if (isFinal(line) && began !== undefined) this.#times.set(id, this.#now() - began);
    return line;
  }
}

/** True once this integration is finished. */
export const isFinal = ({ status }: IntegrationProgress): boolean => status !== 'collecting' && status !== 'waiting';

/** One integration in words, without its name. A wait that has reached its end is over. */
export function describeProgress({ status, customers, until, reason }: IntegrationProgress, now: number): string {
  const soFar = quantity(customers, 'customer');
  switch (status) {
    case 'waiting': {
      const seconds = Math.ceil(((until ?? now) - now) / 1000);
      return seconds > 0
        ? `waiting ${seconds} s (${reason ?? 'the vendor asks for it'})`
        : `collecting, ${soFar} so far`;
    }
    case 'collecting':
      return customers === 0 ? 'collecting' : `collecting, ${soFar} so far`;
    case 'collected':
      return `collected, ${soFar}`;
    case 'partial':
      return `partly collected, ${soFar}`;
    case 'failed':
      return `failed: ${reason ?? 'no reason given'}`;
  }
}
