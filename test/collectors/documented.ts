import { describe, expect, it } from 'vitest';
import type { Collector } from '../../lambdas/counting/vendor.ts';
import type { Credentials, SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { bench, collection, failure } from './run.ts';

/** A call in a vendor's documents: the parameters they name, and the answer they show. */
type Call = { parameters: readonly string[]; answer: (query: URLSearchParams) => object };

export type Case = Credentials & {
  collector: Collector;
  hosts: readonly string[];
  /** Every call, by `METHOD path`. */
  calls: Record<string, Call>;
  /** A header that each call except that for a token must carry, literally or in this form. */
  header: [string, string | RegExp];
  requests: number;
  says: object[];
};

export const TOKEN: Call = {
  parameters: [],
  answer: () => ({ access_token: 'tok-of-some-length-0001', token_type: 'Bearer', expires_in: 3600 }),
};
export const call = (parameters: string, answer: Call['answer']): Call => ({
  parameters: parameters.split(' ').filter((name) => name !== ''),
  answer,
});

/** A server that knows only the documented calls; it refuses other paths, parameters and credentials. */
function strict({ hosts, calls, header: [name, value] }: Case) {
  const documented = new Map(Object.entries(calls));
  return ({ method, host, path, query, headers }: SandboxRequest): SandboxResponse => {
    const response = hosts.includes(host) ? documented.get(`${method} ${path}`) : undefined;
    if (response === undefined) return { status: 404, body: { message: 'no such call' } };
    const carried = headers[name] ?? '';
    const fits = typeof value === 'string' ? carried === value : value.test(carried);
    if (method === 'GET' && !fits) return { status: 401, body: '' };
    const strange = [...query.keys()].filter((key) => !response.parameters.includes(key));
    if (strange.length > 0) return { status: 400, body: { message: `unknown ${strange.join()}` } };
    return { status: 200, body: response.answer(query) };
  };
}

/** What holds for every vendor with documented answers: see the tests' names. */
export function asDocumented(cases: readonly Case[]): void {
  describe.each(cases.map((each) => [each.collector.id, each] as const))('%s, as it is documented', (_, each) => {
    const { secret, configuration, says, requests } = each;
    const run = async (credentials: Credentials) => {
      const of = await bench(each.collector);
      const vendor = { ...of.vendor, answers: () => true, handle: strict(each) };
      return { of: { ...of, vendor }, options: { credentials, mapped: says.map(() => 'x') } };
    };

    it('is read by the calls that it knows, and no others', async () => {
      const { of, options } = await run({ secret, configuration });
      const { customers, status } = await collection(of, options);
      expect(customers).toMatchObject(says);
      expect(status).toBe('collected');
      expect(of.asked).toHaveLength(requests);
    });

    it('takes its configuration among the secrets just as well', async () => {
      const { of, options } = await run({ secret: { ...secret, ...configuration }, configuration: {} });
      expect((await collection(of, options)).customers).toMatchObject(says);
    });

    it.each(Object.keys(secret).filter((name) => /token|key|password|secret/iu.test(name)))(
      'is not read without %s',
      async (member) => {
        const { [member]: __, ...rest } = secret;
        const { of, options } = await run({ secret: rest, configuration });
        expect(await failure(of, options)).toMatchObject({
          name: 'ConfigurationError',
          message: expect.stringContaining(member),
        });
        expect(of.asked).toEqual([]);
      },
    );
  });
}
