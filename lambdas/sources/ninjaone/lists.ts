import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { afterId } from '../../wire/paging.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import type { Row } from './members.ts';

const Organization = z.object({ id: z.int(), name: maybe(z.string()) });
const Organizations = z.array(Organization);
const row = z.record(z.string(), z.unknown());
const Agreements = z.union([z.array(row), row]);

const AGREEMENTS = '/v2/billing/agreements';

/** Page sizes elsewhere in this API: a list with exactly this length may have more pages. */
const FULL_PAGES = [100, 1000];

export const organizationsOf = (api: Api): AsyncGenerator<z.output<typeof Organization>> =>
  api.pages(
    '/v2/organizations',
    { page: Organizations, rows: (page) => page, key: ({ id }) => id },
    afterId({ param: 'after', size: { param: 'pageSize', value: 1000 } }),
  );

/** Errors: `VendorAuthError` naming the missing rights, and those of `agreementsListed`. */
export const agreementsIn = (api: Api): Promise<Row[]> =>
  agreementsListed(api).catch((error: unknown) => {
    if (!(error instanceof RefusedAnswer) || error.status !== 403) throw error;
    const what =
      'the API application may not read agreements (HTTP 403): it needs the scope Monitoring and Billing: Read';
    throw new ReportError('VendorAuthError', `NinjaOne GET ${AGREEMENTS}: ${what}`, { wide: true });
  });

/**
 * The list of agreements; how it is paged is not known. Errors: `ConfigurationError` for an instance without billing in
 * its API, `VendorContractError` for a list without rows and for one that may be incomplete.
 */
export async function agreementsListed(api: Api): Promise<Row[]> {
  const answer = await api.send('GET', AGREEMENTS, { accept: [404] });
  if (answer.status === 404) {
    const what = 'this NinjaOne instance has no billing in its API; read billed.csv instead (invoices can be exported)';
    throw new ReportError('ConfigurationError', `billing.json: source: ${what}`, { wide: true });
  }
  const body = api.parse(answer, Agreements, 'GET', AGREEMENTS);
  const agreements = Array.isArray(body) ? body : rowsInside(body);
  const unsound = (what: string) => new ReportError('VendorContractError', `NinjaOne GET ${AGREEMENTS}: ${what}`);
  if (agreements.length === 0) throw unsound('no agreements; NinjaOne Billing may be off, or not used');
  if (FULL_PAGES.includes(agreements.length)) throw unsound(`${agreements.length} rows, and maybe more on other pages`);
  return agreements;
}

/** One agreement with its products, which the list may lack. */
export const agreementIn = (api: Api, id: string): Promise<Row> =>
  api.get(`${AGREEMENTS}/${encodeURIComponent(id)}`, { schema: row });

/** The rows of a list inside an object. Errors: `VendorContractError` unless exactly one field is a list. */
function rowsInside(body: Row): Row[] {
  const lists = Object.values(body).filter((value) => Array.isArray(value));
  const [only, ...others] = lists;
  if (only !== undefined && others.length === 0) return z.parse(z.array(row), only);
  const seen = Object.keys(body).sort().join(', ');
  throw new ReportError('VendorContractError', `NinjaOne GET ${AGREEMENTS}: expected one list; fields seen: ${seen}`);
}
