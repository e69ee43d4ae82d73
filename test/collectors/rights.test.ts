import { describe, expect, it } from 'vitest';
import { checkRights } from '../../lambdas/counting/rights.ts';
import { loadRegistry } from '../../lambdas/registry.ts';
import { Redactor } from '../../lambdas/wire/redact.ts';
import { inProcess } from '../sandbox/transport.ts';
import type { SandboxRequest, SandboxResponse } from '../sandbox/vendor.ts';
import { AS_OF, bench } from './run.ts';

const { collectors } = await loadRegistry();

type Before = (request: SandboxRequest) => SandboxResponse | undefined;

/** Tries the rights of a vendor of the sandbox; returns what was refused and what was requested. */
async function tried(id: string, before: Before = () => undefined) {
  const collector = collectors.find((each) => each.id === id);
  if (collector === undefined) throw new Error(`no collector ${id}`);
  const { vendor, clock } = await bench(collector);
  const asked: SandboxRequest[] = [];
  const transport = inProcess([vendor], {
    before: (request) => {
      asked.push(request);
      return before(request);
    },
  });
  const session = {
    ...{ clock, transport, redactor: new Redactor(), deadline: clock.now() + 880_000 },
    ...{ random: () => 0.5, requests: 0, onWait: () => {} },
  };
  const secret = () => vendor.secret;
  const run = {
    ...{ asOf: AS_OF, timeZone: 'UTC', mapped: [], keepSecret: async () => {} },
    lockSecret: async () => ({ secret: secret(), interrupted: undefined, release: async () => {} }),
  };
  const settings = { secret: secret(), configuration: vendor.configuration };
  const refused: (string | undefined)[] = [];
  for await (const { refusal } of checkRights(collector.open(settings, run), session)) refused.push(refusal?.name);
  return { refused, asked };
}

describe('the rights of a vendor', () => {
  const SELLERS = [
    'td-synnex-streamone-ion',
    'td-synnex-stellr',
    'synnex-australia',
    'sherweb',
    'microsoft-365',
    'pax8',
  ];

  it.each(SELLERS)('of %s are tried by a few calls that read', async (id) => {
    const { refused, asked } = await tried(id);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter((refusal) => refusal !== undefined)).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(7);
    expect(asked.every(({ method, path }) => method === 'GET' || /token/u.test(path))).toBe(true);
  });

  it.each(SELLERS)('of %s are refused if the vendor refuses them', async (id) => {
    const { refused } = await tried(id, ({ method }) => (method === 'GET' ? { status: 403, body: {} } : undefined));
    expect(refused).not.toContain(undefined);
  });
});
