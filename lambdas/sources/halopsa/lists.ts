import * as z from 'zod/mini';
import { numbered } from '../../psa/halopsa/paging.ts';
import { ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { type OddRow, orOdd } from '../reading/odd-row.ts';
import { Template, type WholeTemplate } from './shapes.ts';

const Client = z.object({ id: z.int(), name: maybe(z.string()) });
const Clients = z.object({ record_count: z.int(), clients: z.array(Client) });

const Known = z.object({ id: z.int(), client_id: z.int() });
const Rows = z.array(orOdd('HaloPSA recurring invoice', Template, Known));
/** Some instances answer with a plain array of rows. */
const Templates = z.union([Rows, z.object({ record_count: z.int(), invoices: Rows })]);

/** All clients: an inactive one can still be invoiced. */
export const clientsOf = (api: Api): AsyncGenerator<z.output<typeof Client>> =>
  api.pages(
    '/Client',
    { page: Clients, rows: ({ clients }) => clients, key: ({ id }) => id },
    numbered(100, { includeactive: true, includeinactive: true }),
  );

/** Recurring invoices with and without a contract, because the default of `rinvoice_type` is not documented. */
export const templatesOf = (api: Api): AsyncGenerator<Template | OddRow<z.output<typeof Known>>> =>
  api.pages(
    '/RecurringInvoice',
    { page: Templates, rows: (body) => (Array.isArray(body) ? body : body.invoices), key: ({ id }) => id },
    numbered(50, { includelines: true, rinvoice_type: 'both' }),
  );

/** Whether the list included this template's lines: one that has none says that it bills no money. */
export const hasLines = (template: Template): template is WholeTemplate =>
  isWhole(template) && (template.lines.length > 0 || template.revenue === '0');

/** Reads one template by itself. Errors: `VendorContractError` if it bills money and has no line. */
export async function linesOf(api: Api, { id }: Template): Promise<WholeTemplate> {
  const template = await api.get(`/RecurringInvoice/${id}`, { query: { includedetails: true }, schema: Template });
  if (hasLines(template) || (isWhole(template) && template.revenue === undefined)) return template;
  const what = template.revenue === undefined ? 'no lines' : `no lines, and a revenue of ${template.revenue}`;
  throw new ReportError('VendorContractError', `${api.name} recurring invoice ${id}: ${what}`);
}

const isWhole = (template: Template): template is WholeTemplate => Array.isArray(template.lines);
