import { describe, expect, it } from 'vitest';
import { oneTimePasscode } from '../../lambdas/collectors/connectwise-automate/one-time-passcode.ts';
import automate from '../../lambdas/collectors/connectwise-automate.ts';
import { PrivateAddress } from '../../lambdas/wire/private-network.ts';
import { demoMsp } from '../sandbox/demo-msp.ts';
import { jsonOf, type SandboxRequest, type SandboxResponse } from '../sandbox/vendor.ts';
import { asTruth, type Bench, bench, collection, failure, type RunOptions, refusedRights } from './run.ts';

type Row = Record<string, unknown>;

const CLIENTS = '/cwa/api/v1/Clients';
const COMPUTERS = '/cwa/api/v1/Computers';
const TOKEN = '/cwa/api/v1/apitoken';

/** Changes the rows that the vendor answers to `path`. */
const altered = (path: string, change: (row: Row) => void) => ({
  after: (request: SandboxRequest, response: SandboxResponse) => {
    if (request.path === path && Array.isArray(response.body)) for (const row of response.body) change(row);
  },
});

const secretOf = (of: Bench, more: Row) => ({ secret: { ...of.vendor.secret, ...more } });

const expected = (of: Bench) =>
  of.vendor.customers
    .filter(({ state }) => state !== 'gone')
    .map(({ id, state, cells }) => ({ id, state, cells }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

describe('lists', () => {
  it('a page that is not full is not the end: a server that caps pages at 100 loses nothing', async () => {
    const of = await bench(automate);
    const { customers, receipt } = await collection(of, {
      before: ({ query }) => {
        if (query.has('pageSize')) query.set('pageSize', '100');
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(receipt.lists.map(({ end }) => end)).toEqual(['an empty page', 'an empty page']);
  });

  it('pages begin at 1 and are asked for in a stable order', async () => {
    const of = await bench(automate);
    await collection(of);
    const asked = of.asked.filter(({ path }) => path === COMPUTERS);
    expect(asked[0]?.query.get('page')).toBe('1');
    for (const { query } of asked) expect(query.get('orderBy')).toBe('Id asc');
  });

  it('a server that does not know the order is not believed: the same computer on two pages means another on none', async () => {
    const error = await failure(await bench(automate), {
      before: ({ query }) => {
        query.delete('orderBy');
        return undefined;
      },
    });
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('/Computers: page 2 repeats some rows'),
    });
  });

  it('a server that ignores the page number is an error, not an endless loop', async () => {
    const error = await failure(await bench(automate), {
      before: ({ query }) => {
        if (query.has('page')) query.set('page', '1');
        return undefined;
      },
    });
    expect(error.name).toBe('VendorContractError');
  });

  it('a server that sends whole records instead of the requested fields is read too', async () => {
    const of = await bench(automate);
    const { customers } = await collection(of, {
      before: ({ query }) => {
        query.delete('includeFields');
        return undefined;
      },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it('a list in an envelope is not what this API answers', async () => {
    const error = await failure(await bench(automate), {
      before: ({ path }) => (path === CLIENTS ? { status: 200, body: { TotalRecords: 0, Data: [] } } : undefined),
    });
    expect(error.name).toBe('VendorContractError');
  });
});

describe('what is counted', () => {
  it('an agent without a type is a server by its operating system, and otherwise shown as unclassified', async () => {
    const of = await bench(automate);
    const { customers, notes } = await collection(of);
    expect(customers.map(asTruth)).toEqual(expected(of));
    expect(customers.some(({ counts }) => 'ConnectWise Automate Unclassified' in counts)).toBe(true);
    expect(notes.some((note) => /^\d+ agents of no known type/u.test(note))).toBe(true);
  });

  it('an empty "Type" is one, even if no agent has another', async () => {
    const { customers } = await collection(
      await bench(automate),
      altered(COMPUTERS, (row) => {
        row.Type = '';
      }),
    );
    expect(customers.some(({ counts }) => 'ConnectWise Automate Servers' in counts)).toBe(true);
  });

  it('a "Type" that no computer has is an error, not a fleet of the unclassified', async () => {
    const error = await failure(
      await bench(automate),
      altered(COMPUTERS, (row) => {
        row.ComputerType = row.Type;
        delete row.Type;
      }),
    );
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('"Type"') });
  });

  it('a computer without its client fails the collection, and is never counted as nobody’s', async () => {
    const error = await failure(
      await bench(automate),
      altered(COMPUTERS, (row) => {
        if (Number(row.Id) % 101 === 0) delete row.Client;
      }),
    );
    expect(error).toMatchObject({ name: 'VendorContractError', message: expect.stringContaining('Client') });
  });

  it.each([{ Type: 7 }, { Type: '', OperatingSystemName: {} }])(
    'an odd agent costs its own client (%j)',
    async (odd) => {
      const of = await bench(automate);
      let owner: unknown;
      const { customers } = await collection(
        of,
        altered(COMPUTERS, (row) => {
          if (owner !== undefined) return;
          owner = (row.Client as Row).Id;
          Object.assign(row, odd);
        }),
      );
      expect(customers.filter(({ state }) => state === 'failed').map(({ id }) => id)).toEqual([owner]);
      const others = ({ id }: { id: string }) => id !== owner;
      expect(customers.map(asTruth).filter(others)).toEqual(expected(of).filter(others));
    },
  );

  it('an unknown type is shown as unclassified, never skipped', async () => {
    const of = await bench(automate);
    const { customers } = await collection(
      of,
      altered(COMPUTERS, (row) => {
        if (row.Type === 'Workstation')
          Object.assign(row, { Type: ' Laptop', OperatingSystemName: 'Ubuntu 24.04 LTS' });
      }),
    );
    const sum = (title: string, cells: object[]) =>
      cells.reduce(
        (total, counts) => total + Number(Object.entries(counts).find(([name]) => name === title)?.[1] ?? 0),
        0,
      );
    const counts = customers.map((customer) => customer.counts);
    const truth = expected(of).map(({ cells }) => cells);
    const [workstations, unclassified] = ['ConnectWise Automate Workstations', 'ConnectWise Automate Unclassified'];
    expect(sum(workstations, counts)).toBe(0);
    expect(sum(unclassified, counts)).toBe(sum(workstations, truth) + sum(unclassified, truth));
  });

  it('the rights are tried list by list', async () => {
    const of = await bench(automate);
    expect(await refusedRights(of)).toEqual([]);
    const refused = await refusedRights(of, {
      before: ({ path }) => (path === COMPUTERS ? { status: 403, body: { Message: 'denied' } } : undefined),
    });
    expect(refused).toEqual(['read Computers of all clients']);
  });

  it('ids are the same whether they come as text or as numbers', async () => {
    const of = await bench(automate);
    const { customers } = await collection(
      of,
      altered(CLIENTS, (row) => {
        row.Id = Number(row.Id);
      }),
    );
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it('neither retired assets nor network devices are asked for', async () => {
    const of = await bench(automate);
    await collection(of);
    expect(new Set(of.asked.map(({ path }) => path))).toEqual(new Set([TOKEN, CLIENTS, COMPUTERS]));
  });
});

/** So many slow answers that a token expires on the way. */
const LONGER_THAN_A_TOKEN: RunOptions = {
  latency: 50,
  lifetime: 100_000,
  before: ({ path, query }) => {
    if (path === COMPUTERS) query.set('pageSize', '10');
    return undefined;
  },
};

describe('the token', () => {
  it('a 200 without AccessToken is a refusal that names the second factor', async () => {
    const of = await bench(automate);
    const technician = secretOf(of, { username: 'j.walker', password: 'Hn4#kYb9_dSe2uJf' });
    const error = await failure(of, { credentials: technician });
    expect(error).toMatchObject({ name: 'VendorAuthError', message: expect.stringContaining('second factor') });
    expect(of.asked).toHaveLength(1);
  });

  it('a user with a second factor gets in with the passcode of its app', async () => {
    const of = await bench(automate);
    const twoFactorSecret = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ';
    await collection(of, {
      credentials: secretOf(of, { username: 'j.walker', password: 'Hn4#kYb9_dSe2uJf', twoFactorSecret }),
    });
    const [token] = of.asked;
    expect(token === undefined ? undefined : jsonOf(token)).toMatchObject({
      TwoFactorPasscode: oneTimePasscode(twoFactorSecret, Date.UTC(2026, 10, 22, 6, 30)),
    });
  });

  it('is asked for again with a passcode of that moment if the server kept silent', async () => {
    const of = await bench(automate);
    const twoFactorSecret = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ';
    const times: number[] = [];
    await collection(of, {
      credentials: secretOf(of, { username: 'j.walker', password: 'Hn4#kYb9_dSe2uJf', twoFactorSecret }),
      before: ({ path }) => {
        if (!path.endsWith('/apitoken')) return undefined;
        times.push(of.clock.now());
        return times.length === 1 ? { status: 0, fault: 'silence' } : undefined;
      },
    });
    const [first, second] = of.asked.map((request) => Object(jsonOf(request)).TwoFactorPasscode);
    expect([first, second]).toEqual(times.map((time) => oneTimePasscode(twoFactorSecret, time)));
    expect(second).not.toBe(first);
  });

  // RFC 6238, appendix B, the last six digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('the passcode at %i s is the one of the standard', (seconds, code) => {
    expect(oneTimePasscode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', seconds * 1000)).toBe(code);
  });

  it('is renewed before it ends, and once more when the server says it has', async () => {
    const of = await bench(automate);
    await collection(of, LONGER_THAN_A_TOKEN);
    expect(of.asked.filter(({ path }) => path === TOKEN).length).toBeGreaterThan(1);

    const early = await bench(automate);
    let refused = 0;
    await collection(early, {
      before: ({ path }) => (path === COMPUTERS && refused++ === 0 ? { status: 401, body: {} } : undefined),
    });
    expect(early.asked.filter(({ path }) => path === TOKEN)).toHaveLength(2);
  });

  it('an implausible expiry counts as an hour', async () => {
    const of = await bench(automate);
    const { status } = await collection(of, {
      after: ({ path }, response) => {
        if (path === TOKEN) Object.assign(response.body as Row, { ExpirationDate: '0001-01-01T00:00:00' });
      },
    });
    expect(status).toBe('collected');
    expect(of.asked.filter(({ path }) => path === TOKEN)).toHaveLength(1);
  });

  it('an expiry that is a year away counts as an hour too, before the server refuses the token', async () => {
    const of = await bench(automate);
    let refusals = 0;
    await collection(of, {
      ...LONGER_THAN_A_TOKEN,
      after: ({ path }, response) => {
        if (path === TOKEN) Object.assign(response.body as Row, { ExpirationDate: '2027-11-22T06:30:00Z' });
        if (response.status === 401) refusals += 1;
      },
    });
    expect(of.asked.filter(({ path }) => path === TOKEN).length).toBeGreaterThan(1);
    expect(refusals).toBe(0);
  });

  it('every request carries the ClientId', async () => {
    const of = await bench(automate);
    await collection(of);
    for (const { headers } of of.asked) expect(headers.clientid).toBe(of.vendor.secret.clientId);
  });

  it('the ClientId is sent as it was written', async () => {
    const of = await bench(automate);
    const clientId = String(of.vendor.secret.clientId).toUpperCase();
    await failure(of, { credentials: secretOf(of, { clientId }), before: () => ({ status: 403, body: {} }) });
    expect(of.asked[0]?.headers.clientid).toBe(clientId);
  });
});

describe('the server’s address', () => {
  it.each([
    'http://northwind.hostedrmm.com',
    'https://northwind.hostedrmm.com/automate',
    'https://user:pw@northwind.hostedrmm.com',
    'https://northwind.hostedrmm.com?x=1',
    'northwind.hostedrmm.com',
    'ftp://northwind.hostedrmm.com',
  ])('%s is refused before anything is sent', async (serverUrl) => {
    const of = await bench(automate);
    const error = await failure(of, { credentials: secretOf(of, { serverUrl }) });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining('serverUrl') });
    expect(of.asked).toEqual([]);
  });

  it.each([
    ...[
      'https://10.0.0.5',
      'https://192.168.1.20',
      'https://169.254.169.254',
      'https://127.0.0.1',
      'https://2130706433',
    ],
    ...['https://[::1]', 'https://[fd00::5]', 'https://localhost', 'https://automate', 'https://automate.local'],
  ])('%s gets no credentials', async (serverUrl) => {
    const of = await bench(automate);
    const error = await failure(of, { credentials: secretOf(of, { serverUrl }) });
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('allowPrivateNetwork'),
    });
    expect(of.asked).toEqual([]);
  });

  it('a private address is asked if the configuration allows it', async () => {
    const of = await bench(automate);
    const server = { ...of, vendor: { ...of.vendor, answers: (host: string) => host === '10.0.0.5' } };
    const { customers } = await collection(server, {
      credentials: { ...secretOf(of, { serverUrl: 'https://10.0.0.5' }), configuration: { allowPrivateNetwork: true } },
    });
    expect(customers.map(asTruth)).toEqual(expected(of));
  });

  it.each([true, false])(
    'what its name resolves to is checked unless private networks are allowed (%s)',
    async (allowed) => {
      const of = await bench(automate);
      const looked = new Set<unknown>();
      await collection(of, {
        credentials: { configuration: { allowPrivateNetwork: allowed } },
        wire: ({ publicOnly }) => looked.add(publicOnly),
      });
      expect([...looked]).toEqual([allowed ? undefined : true]);
    },
  );

  it('a name that turns out to lead into a private network is our configuration’s fault', async () => {
    const error = await failure(await bench(automate), {
      before: () => {
        throw new PrivateAddress('northwind.hostedrmm.com');
      },
    });
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining('allowPrivateNetwork'),
    });
  });

  it('a trailing slash does no harm', async () => {
    const of = await bench(automate);
    const { status } = await collection(of, {
      credentials: secretOf(of, { serverUrl: 'https://northwind.hostedrmm.com/' }),
    });
    expect(status).toBe('collected');
  });

  it('a certificate that is not trusted is reported clearly and not retried', async () => {
    const of = await bench(automate);
    const error = await failure(of, {
      before: () => {
        throw Object.assign(new Error('unable to verify the first certificate'), {
          code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        });
      },
    });
    expect(error).toMatchObject({ name: 'VendorUnavailableError', message: expect.stringContaining('certificate') });
    expect(of.asked).toHaveLength(1);
  });
});

describe('refusals', () => {
  it('a 500 with a database timeout is retried', async () => {
    let tried = 0;
    const { status } = await collection(await bench(automate), {
      before: ({ path }) =>
        path === COMPUTERS && tried++ < 2 ? { status: 500, body: { Message: 'Timeout expired' } } : undefined,
    });
    expect(status).toBe('collected');
  });

  it('a sign-in page of a firewall in front of the server is not a token', async () => {
    const error = await failure(await bench(automate), {
      before: ({ path }) =>
        path === TOKEN
          ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }
          : undefined,
    });
    expect(error).toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('a web page came instead'),
    });
  });

  it('a client id that is a name is refused', () => {
    expect(automate.customerId.schema.safeParse('Harbour Dental').success).toBe(false);
    expect(automate.customerId.schema.safeParse(37)).toMatchObject({ success: true, data: '37' });
  });
});

describe('cost', () => {
  it('500 clients with about 50,000 agents take a token, pages of 1000 and an empty page each', async () => {
    const of = await bench(automate, demoMsp(700, 3));
    const { receipt, customers } = await collection(of);
    const agents = receipt.lists.find(({ list }) => list === '/Computers')?.rows ?? 0;
    const plan = 1 + Math.ceil(customers.length / 1000) + 1 + Math.ceil(agents / 1000) + 1;
    console.info(
      `connectwise-automate: ${customers.length} clients, ${agents} agents, ${of.asked.length} requests, plan ${plan}`,
    );
    expect(agents).toBeGreaterThan(45_000);
    expect(of.asked.length).toBeLessThanOrEqual(plan * 1.02);
  });
});
