import { type Client, clientele, trueCustomer } from '../clientele.ts';
import type { DemoMsp } from '../demo-msp.ts';
import { slidingWindow } from '../gate.ts';
import type { SandboxResponse, SandboxVendor } from '../vendor.ts';

const HOST = 'partnerapi.synnex.com.au';
const BASE = '/cloud-products/v1/marketplace';
const BY_ACCOUNT = `${BASE}/subscription/subscriptionsByAccountId/`;
const PRIMARY_KEY = '3f9b2d71c84e4a06b5d0e7a1926c8f43';
/** The gateway's own limit; the real number is not published. */
const GATE = { requests: 400, seconds: 10 };

type Line = {
  product: string;
  quantity: number;
  unit: string;
  status: string;
  counts: boolean;
  /** Which of the customer's accounts it belongs to. */
  account: 'microsoft' | 'other';
  /** Azure: it has no quantity. */
  usage?: true;
};
type Served = { client: Client; code: string; number: number; forbidden: boolean; lines: Line[] };

/**
 * Synnex Australia, as far as it can be inferred: a gateway key, customers, their accounts, and subscriptions an
 * account.
 */
export default function synnexAustralia(msp: DemoMsp, now: () => number = Date.now): SandboxVendor {
  const served = clientele(msp, 'synnex-australia', { share: 60 }).map((client, index): Served => {
    const lines = linesOf(msp, client);
    const letters = client.name
      .replace(/[^a-z]/giu, '')
      .slice(0, 6)
      .toUpperCase();
    const code = `${letters}${String(index).padStart(3, '0')}`;
    return { client, code, number: 300 + index, forbidden: index === 12 && !client.gone && lines.length > 0, lines };
  });
  const listed = served.filter(({ client }) => !client.gone);
  const accounts = listed.flatMap(({ code, number, lines, forbidden }) =>
    // Who has bought nothing has no account.
    (['microsoft', 'other'] as const)
      .filter((kind) => lines.some(({ account }) => account === kind))
      .map((kind, index) => ({
        accountId: number * 10 + index,
        customerCompanyCode: code,
        serviceName: kind === 'microsoft' ? 'Microsoft CSP' : 'Google Workspace',
        forbidden,
        lines: lines.filter(({ account }) => account === kind),
      })),
  );
  const mayPass = slidingWindow(now, GATE.requests, GATE.seconds);

  return {
    id: 'synnex-australia',
    answers: (host) => host === HOST,
    secret: { primaryKey: PRIMARY_KEY },
    configuration: {},
    customers: served.map(({ client, code, forbidden, lines }) => {
      const cells = new Map<string, number>();
      for (const { product, unit, quantity, counts } of lines) {
        const title = `Synnex AU ${product} (${unit})`;
        if (counts) cells.set(title, (cells.get(title) ?? 0) + quantity);
      }
      return trueCustomer(client, code, cells, forbidden ? 'failed' : 'counted');
    }),
    handle({ method, path, headers }) {
      if (headers['ocp-apim-subscription-key'] !== PRIMARY_KEY) {
        return gateway(401, 'Access denied due to missing or invalid subscription key. Provide a valid key.');
      }
      if (!mayPass()) return gateway(429, 'Rate limit is exceeded. Try again in 3 seconds.', { 'retry-after': '3' });
      if (method !== 'GET') return gateway(405, 'The collector has no business to change anything');
      if (path === `${BASE}/customerCompany`) {
        const data = listed.map(({ code, client, number }) => ({
          externalCustomerCompanyCode: code,
          companyName: client.name,
          id: number,
          abn: '51 824 753 556',
        }));
        return { status: 200, body: { success: true, data } };
      }
      if (path === `${BASE}/cloudAccount`) {
        const data = accounts.map(({ accountId, customerCompanyCode, serviceName }) => ({
          accountId,
          customerCompanyCode,
          serviceName,
        }));
        return { status: 200, body: { success: true, data } };
      }
      const wanted = path.startsWith(BY_ACCOUNT) ? path.slice(BY_ACCOUNT.length) : undefined;
      const account = accounts.find(({ accountId }) => String(accountId) === wanted);
      if (account === undefined) return gateway(404, 'Resource not found');
      if (account.forbidden) return gateway(403, 'The account is not yours');
      return { status: 200, body: { success: true, data: account.lines.map(subscriptionRow) } };

      function subscriptionRow({ product, quantity, unit, status, usage }: Line, index: number) {
        return {
          subscriptionId: Number(wanted) * 100 + index,
          productName: product,
          planName: 'Annual commitment',
          ...(usage === true ? {} : { quantity }),
          unit,
          status,
        };
      }
    },
  };
}

/** Refusals of the gateway have its own shape. */
const gateway = (statusCode: number, message: string, headers: Record<string, string> = {}): SandboxResponse => ({
  status: statusCode,
  headers,
  body: { statusCode, message },
});

function linesOf({ draw }: DemoMsp, { key, fleet }: Client): Line[] {
  const line = (product: string, quantity: number, more: Partial<Line> = {}): Line => ({
    product,
    quantity,
    unit: 'Licence',
    status: 'ACTIVE',
    counts: true,
    account: 'microsoft',
    ...more,
  });
  const no = { counts: false };
  const lines: Line[] = [];
  const add = (percent: number, what: string, ...more: Line[]) => {
    if (draw(100, 'synnex-australia', key, what) < percent) lines.push(...more);
  };
  add(90, 'premium', line('Microsoft 365 Business Premium', fleet.users));
  add(30, 'second', line('Microsoft 365 Business Premium', 2, { status: 'Active' }));
  add(30, 'google', line('Google Workspace Business Plus', 1 + fleet.laptops, { account: 'other', unit: 'User' }));
  add(25, 'storage', line('Cloud Archive', 1.5, { unit: 'TB' }), line('Cloud Archive', 3, { unit: 'Vault' }));
  add(20, 'left', line('Visio Plan 2', 5, { status: 'CANCELLED', ...no }));
  add(15, 'suspended', line('Visio Plan 2', 6, { status: 'SUSPENDED', ...no }));
  add(15, 'trial', line('Microsoft 365 Copilot', 25, { status: 'TRIAL_ACTIVE', ...no }));
  add(25, 'azure', line('Azure Plan', 0, { unit: 'Usage', usage: true, ...no }));
  return lines;
}
