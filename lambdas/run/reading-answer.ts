/**
 * The answer of a step that reads in lifetimes: where the result or the checkpoint is. `waitSeconds` is 0 unless
 * paused.
 */
export type ReadingAnswer = {
  status: 'collected' | 'partial' | 'paused';
  key: string;
  waitSeconds: number;
  customers: number;
};

/** Long enough for Step Functions to let go of the finished invocation; a Wait of 0 would spin. */
const SHORTEST_WAIT_SECONDS = 1;

export const pausedAnswer = (key: string, waitSeconds: number, customers: number): ReadingAnswer => ({
  status: 'paused',
  key,
  waitSeconds: Math.max(SHORTEST_WAIT_SECONDS, Math.ceil(waitSeconds)),
  customers,
});

export const finishedAnswer = (
  key: string,
  { status, customers }: { status: 'collected' | 'partial'; customers: readonly unknown[] },
): ReadingAnswer => ({ status, key, waitSeconds: 0, customers: customers.length });
