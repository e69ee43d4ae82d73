import { expect, it } from 'vitest';
import { decimal, plain, sum } from '../../lambdas/billing/decimal.ts';
import type { BilledLine, ReadSide } from '../../lambdas/billing/line.ts';
import { type DemoLine, demoAgreements } from '../sandbox/agreements.ts';
import { periodNow, readAll, type SourceRig } from './source-rig.ts';

/** What every source of billed lines must do, whatever its API looks like. */
export type SourceContract = {
  /** A PSA and its source, new for each test. */
  rig: () => SourceRig;
  /** Calls for the demo MSP by the cheapest plan of that API. */
  calls: number;
  /** Whether the PSA says that a line costs nothing other than by its price. */
  knowsFree: boolean;
  /** The same where it is read piece by piece, if only some are. */
  pieces?: () => SourceRig;
  /** Lines whose units the API does not show: they have to be unknown. */
  hides?: (line: DemoLine) => boolean;
};

/**
 * Units by company and product that are in force on the first day of the period; a line of 0 units bills what no line
 * bills.
 */
function unitsOf(lines: Iterable<{ company: string; product: string; quantity: string }>): Record<string, string> {
  const units = new Map<string, string[]>();
  for (const { company, product, quantity } of lines) {
    const key = `${company}: ${product}`;
    units.set(key, [...(units.get(key) ?? []), quantity]);
  }
  const entries = [...units].map(([key, values]): [string, string] => [key, plain(sum(values.map(decimal)))]);
  return Object.fromEntries(entries.filter(([, units]) => units !== '0').sort(([a], [b]) => (a < b ? -1 : 1)));
}

const standsOn = (day: string, { from, to }: { from: string | null; to?: string | null | undefined }): boolean =>
  (from === null || from <= day) && (to === undefined || to === null || to >= day);

/** What was read, in the same terms as the demo's truth. */
export function standing({ lines, day }: ReadSide): BilledLine[] {
  return lines.filter((line) => line.kind === 'recurring' && standsOn(day, line));
}

const byId = (lines: readonly BilledLine[]) => [...lines].sort((a, b) => (a.id < b.id ? -1 : 1));

const readUnits = (lines: readonly BilledLine[]) =>
  unitsOf(
    lines.map(({ customer, product, quantity }) => ({
      company: customer.name,
      product: product.code ?? product.name,
      quantity: 'value' in quantity ? quantity.value : Number.NaN.toString(),
    })),
  );

export function sourceContract({ rig, calls, knowsFree, pieces, hides = () => false }: SourceContract): void {
  it('reads every line of every agreement in force on the first day of the period', async () => {
    const made = rig();
    const side = await readAll(made);
    const { first } = periodNow(made);
    // A PSA that knows no codes calls products by their names.
    const names = new Set(side.lines.map(({ product }) => product.code ?? product.name));
    const agreements = demoAgreements(made.msp, made.clock.now());
    const hidden = agreements.flatMap(({ lines }) => lines.filter((line) => standsOn(first, line) && hides(line)));
    const truth = agreements.flatMap(({ company, lines }) =>
      lines
        .filter((line) => standsOn(first, line) && !hides(line))
        .map(({ product, quantity }) => ({
          company: company.name,
          product: names.has(product.code) ? product.code : product.name,
          quantity: String(quantity),
        })),
    );
    expect(truth.length).toBeGreaterThan(100);
    const unknown = standing(side).filter(({ quantity }) => 'unknown' in quantity);
    expect(unknown).toHaveLength(hidden.length);
    expect(readUnits(standing(side).filter((line) => !unknown.includes(line)))).toEqual(unitsOf(truth));
    expect(side.status).toBe('collected');
    expect(side.receipt.lists.length).toBeGreaterThan(0);
  });

  it('records where each line was read, and never a price that was not there', async () => {
    const made = rig();
    const { lines } = await readAll(made);
    expect(new Set(lines.map(({ billedFrom }) => billedFrom))).toEqual(new Set([made.source.id]));
    expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length);
    for (const line of lines) expect(line.price === undefined || /^-?\d+(\.\d+)?$/u.test(line.price.amount)).toBe(true);
  });

  it('distinguishes lines that are not charged from those that are', async () => {
    const made = rig();
    const { lines } = await readAll(made);
    const free = demoAgreements(made.msp, made.clock.now()).flatMap((agreement) =>
      agreement.lines.filter((line) => line.free === true),
    );
    expect(free.length).toBeGreaterThan(0);
    const uncharged = lines.filter((line) => !line.billable || (!knowsFree && Number(line.price?.amount) === 0));
    expect(uncharged).toHaveLength(free.length);
  });

  it('lists the companies of the PSA, including those without a line', async () => {
    const made = rig();
    const { customers, lines } = await readAll(made);
    const names = new Set(customers.map(({ name }) => name));
    for (const { name } of made.msp.companies) expect(names).toContain(name);
    const billed = new Set(lines.map(({ customer }) => customer.id));
    expect(customers.some(({ id }) => !billed.has(id))).toBe(true);
    expect([...billed].every((id) => customers.some((customer) => customer.id === id))).toBe(true);
  });

  it('calls a company without a name by its id, and reads all others as ever', async () => {
    const made = rig();
    const [agreement] = demoAgreements(made.msp, made.clock.now());
    const name = agreement?.company.name ?? '';
    const whole = await readAll(made);
    const { id } = whole.customers.find((customer) => customer.name === name) ?? { id: '' };
    const side = await readAll(rig(), { altered: (body) => body.replaceAll(JSON.stringify(name), 'null') });
    expect(side.customers.find((customer) => customer.id === id)?.name).toBe(id);
    const ofOthers = (lines: readonly BilledLine[]) => byId(lines).filter(({ customer }) => customer.id !== id);
    expect(ofOthers(side.lines)).toEqual(ofOthers(whole.lines));
    expect(ofOthers(side.lines).length).toBeGreaterThan(100);
  });

  it('sends no more requests than the API’s plan needs, and never writes', async () => {
    const made = rig();
    await readAll(made);
    expect(made.requests.length).toBeLessThanOrEqual(calls);
  });

  it('reads the same in lifetimes of two fifths of the time, with at most a tenth more calls', async () => {
    const make = pieces ?? rig;
    const smooth = make();
    const whole = await readAll(smooth, { latency: 4 });
    const lifetime = Math.ceil((smooth.clock.elapsed() / 1000) * 0.4);
    let lives = 0;
    const rough = make();
    const paused = await readAll(rough, { latency: 4, lifetime, lives: (count) => (lives = count) });
    expect(lives).toBeGreaterThan(1);
    expect(byId(paused.lines)).toEqual(byId(whole.lines));
    expect(rough.requests.length).toBeLessThanOrEqual(smooth.requests.length * 1.1);
  });

  it('refuses credentials that the PSA refuses', async () => {
    const made = rig();
    await expect(readAll(made, { before: () => ({ status: 401, body: { message: 'no' } }) })).rejects.toMatchObject({
      name: 'VendorAuthError',
    });
  });
}
