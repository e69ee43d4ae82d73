import { clientele, trueCustomer } from '../sandbox/clientele.ts';
import { tokenDesk, wholeNumber } from '../sandbox/gate.ts';
import { formOf, type SandboxRequest, type SandboxResponse, type VendorFactory } from '../sandbox/vendor.ts';

const SECRET = { clientId: 'acme-client-northwind', clientSecret: 'acme-9f2c4e7a1b3d5f60' };

const refusal = (status: number, error: string): SandboxResponse => ({ status, body: { error } });

const acme: VendorFactory = (msp, now = Date.now) => {
  const clients = clientele(msp, 'acme-rmm');
  const desk = tokenDesk(now);
  const idOf = (key: string) => 5000 + msp.draw(900_000, 'acme-rmm', key);
  const listed = clients.filter(({ gone }) => !gone);
  const sites = listed.map(({ key, name }) => ({ id: idOf(key), name }));
  const agents = listed.flatMap(({ key, fleet }) =>
    [
      ['workstation', fleet.workstations + fleet.laptops, false],
      ['server', fleet.servers, false],
      ['kiosk', msp.draw(3, key, 'kiosks'), false],
      ['server', 1, true],
    ].flatMap(([kind, number, retired]) =>
      Array.from({ length: Number(number) }, (_, place) => ({
        siteId: idOf(key),
        class: kind,
        retired,
        hostname: `${key}-${kind}-${place + 1}`,
      })),
    ),
  );
  const lists: Record<string, readonly object[]> = {
    sites,
    agents: agents.map((agent, index) => ({ id: 70_000 + index, ...agent })),
  };

  function list(name: string, { query }: SandboxRequest): SandboxResponse {
    const page = wholeNumber(query.get('page'), 1);
    const size = Math.min(100, wholeNumber(query.get('per_page'), 20) ?? 20);
    const rows = lists[name];
    if (page === undefined || page < 1 || rows === undefined) return refusal(400, 'bad page');
    return {
      status: 200,
      body: { [name]: rows.slice((page - 1) * size, page * size), meta: { total: rows.length, page } },
    };
  }

  return {
    id: 'acme-rmm',
    answers: (host) => host === 'api.eu.acme.example',
    secret: SECRET,
    configuration: { region: 'eu' },
    customers: clients.map((client) => {
      const { key, fleet } = client;
      const cells: [string, number][] = [
        ['Acme Workstations', fleet.workstations + fleet.laptops],
        ['Acme Servers', fleet.servers],
        ['Acme Other', msp.draw(3, key, 'kiosks')],
      ];
      return trueCustomer(client, idOf(key), cells);
    }),
    handle(request) {
      const { method, path, headers } = request;
      if (method === 'POST' && path === '/v2/oauth/token') {
        const form = formOf(request);
        const isClient =
          form?.get('client_id') === SECRET.clientId && form.get('client_secret') === SECRET.clientSecret;
        if (!isClient || form.get('grant_type') !== 'client_credentials') return refusal(401, 'invalid_client');
        return { status: 200, body: { access_token: desk.issue('acme', 900), token_type: 'Bearer', expires_in: 900 } };
      }
      if (desk.subject(headers.authorization) === undefined) return refusal(401, 'invalid_token');
      const [, name] = /^\/v2\/(sites|agents)$/u.exec(path) ?? [];
      return method === 'GET' && name !== undefined ? list(name, request) : refusal(404, 'not found');
    },
  };
};

export default acme;
