import type { Collector } from '../../lambdas/counting/vendor.ts';
import type { Collection } from '../../lambdas/report/collection.ts';
import { bench, collection } from '../collectors/run.ts';
import { answerOf, ask } from '../sandbox/answer.ts';
import { client } from '../sandbox/client.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import type { SandboxRequest, SandboxResponse, SandboxVendor, VendorFactory } from '../sandbox/vendor.ts';

export type Json = Record<string, unknown>;

/** What one vendor does differently: its own answer, or what replaces it. */
export type Misbehaviour = (
  request: SandboxRequest,
  answer: () => Promise<unknown>,
) => SandboxResponse | Promise<SandboxResponse> | undefined;

/** The same vendor, misbehaving. */
export const misbehaving =
  (make: VendorFactory, how: Misbehaviour): VendorFactory =>
  (msp, now) => {
    const vendor = make(msp, now);
    return {
      ...vendor,
      handle: (request) => how(request, async () => parsed(await ask(vendor, request))) ?? vendor.handle(request),
    };
  };

const parsed = (response: SandboxResponse): unknown => JSON.parse(Buffer.from(answerOf(response).body).toString());

/**
 * A collection of ours, and every row that the vendor answered with: what a naive collector would have had to work
 * with.
 */
export async function collectedFrom(
  collector: Collector,
  make?: VendorFactory,
  companies = 40,
): Promise<{ ours: Collection; vendor: SandboxVendor; rows: (path: RegExp) => Json[] }> {
  const answers: { path: string; body: unknown }[] = [];
  const of = await bench(collector, demoMsp(companies), make);
  const ours = await collection(of, {
    after: ({ path }, response) => {
      if (response.fault === undefined && response.status === 200) answers.push({ path, body: parsed(response) });
    },
  });
  return {
    ours,
    vendor: of.vendor,
    rows: (path) => answers.filter((answer) => path.test(answer.path)).flatMap(({ body }) => rowsOf(body)),
  };
}

function rowsOf(body: unknown): Json[] {
  if (Array.isArray(body)) return body.filter((row): row is Json => typeof row === 'object' && row !== null);
  if (typeof body !== 'object' || body === null) return [];
  return Object.values(body)
    .filter((member) => typeof member === 'object')
    .flatMap(rowsOf);
}

/** GET at Acme's API as a script would: `undefined` where the answer is not JSON. */
export async function acmeGet(
  vendor: SandboxVendor,
): Promise<(path: string) => Promise<{ status: number; body: Json }>> {
  const send = client(vendor);
  const form = {
    grant_type: 'client_credentials',
    client_id: String(vendor.secret.clientId),
    client_secret: String(vendor.secret.clientSecret),
  };
  const token: unknown = (await send('https://api.eu.acme.example/v2/oauth/token', { form })).body;
  const value = typeof token === 'object' && token !== null ? Reflect.get(token, 'access_token') : '';
  return async (path) => {
    const headers = { authorization: `Bearer ${value}` };
    const { status, body } = await send(`https://api.eu.acme.example/v2${path}`, { headers });
    return { status, body: typeof body === 'object' && body !== null ? { ...body } : {} };
  };
}

/** All numbers of a collection in one column, or in all. */
export const unitsIn = ({ customers }: Pick<Collection, 'customers'>, column?: string): number =>
  customers
    .flatMap(({ counts }) => Object.entries(counts))
    .filter(([title]) => column === undefined || title === column)
    .reduce((sum, [, value]) => sum + (typeof value === 'number' ? value : 0), 0);

/** The same of what is true at the vendor. */
export const trueUnits = ({ customers }: SandboxVendor, column?: string): number =>
  customers
    .flatMap(({ cells }) => Object.entries(cells))
    .filter(([title]) => column === undefined || title === column)
    .reduce((sum, [, value]) => sum + (typeof value === 'number' ? value : 0), 0);
