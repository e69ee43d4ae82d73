import type { PsaProduct } from '../../billing/first-services.ts';
import type { BilledLine } from '../../billing/line.ts';
import type { Period } from '../../billing/period.ts';
import { productsOf } from '../../billing/sold.ts';
import { Paused, type Session } from '../../wire/session.ts';
import { readSide } from './read-side.ts';
import type { OpenSource } from './source.ts';

/**
 * What the PSA sells: its catalogue or, if that is not read, what it bills in the period. Errors: those of the request
 * path; `Paused` if it takes longer than the session.
 */
export async function readProducts(
  source: { name: string; label: string; open: OpenSource },
  period: Period,
  session: Session,
): Promise<PsaProduct[]> {
  const { products } = source.open;
  if (products === undefined) return productsOf(await billedLines(source, period, session));
  const catalogue: PsaProduct[] = [];
  for await (const product of products(session)) catalogue.push(product);
  return catalogue;
}

async function billedLines(
  source: { name: string; label: string; open: OpenSource },
  period: Period,
  session: Session,
): Promise<readonly BilledLine[]> {
  const reading = await readSide(source, period, [], session);
  if (reading.outcome === 'complete') return reading.result.lines;
  throw new Paused(reading.waitSeconds, reading.reason);
}
