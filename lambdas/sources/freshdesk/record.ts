import * as z from 'zod/mini';
import { decimal, plain } from '../../billing/decimal.ts';
import type { DecimalText } from '../../billing/line.ts';
import { type Day, readDay } from '../../report/day.ts';
import { ReportError } from '../../report/errors.ts';
import { dayOfMoment, daysOf } from '../reading/day.ts';
import type { ReadLine } from '../reading/fact.ts';
import { type Company, misconfigured, type Note, type Schema } from './lists.ts';

const label = (preset: string) => z._default(z.string(), preset);

/** Labels of the custom object's fields on its form. Names in the API are derived from labels and not known before. */
export const labelsShape = z.strictObject({
  company: label('Company'),
  product: label('Product'),
  quantity: label('Quantity'),
  unitPrice: label('Unit Price'),
  currency: label('Currency'),
  period: label('Period'),
  from: label('Effective From'),
  to: label('Effective To'),
  billable: label('Billable'),
});

type Labels = z.output<typeof labelsShape>;
/** Field names by content, a key of `Labels`. */
type Fields = ReadonlyMap<string, string>;

/** Without these a record cannot be compared. */
const NEEDED = ['company', 'product', 'quantity'] as const;

const MONTHS_OF_PERIOD = new Map([
  ['monthly', 1],
  ['quarterly', 3],
  ['semi-annually', 6],
  ['annual', 12],
  ['annually', 12],
  ['yearly', 12],
]);

const ONCE = ['one-time', 'one time', 'once'];

/** An empty field means nothing: the form offers yes and no. */
const CHARGED = ['', 'yes', 'true'];
const NOT_CHARGED = ['no', 'false'];

/** The names of the fields by content. Errors: `ConfigurationError` for a required label that the object lacks. */
export function fieldsOf({ name, fields }: Schema, labels: Labels): Fields {
  const byLabel = new Map(fields.map((field) => [field.label.trim().toLowerCase(), field.name]));
  const names = new Map<string, string>();
  for (const [member, wanted] of Object.entries(labels)) {
    const field = byLabel.get(wanted.trim().toLowerCase());
    if (field !== undefined) names.set(member, field);
  }
  const missing = NEEDED.filter((member) => !names.has(member));
  if (missing.length === 0) return names;
  const seen = fields.map((field) => `"${field.label}"`).join(', ');
  throw misconfigured('labels', `"${name}" has no field for ${missing.join(', ')}; its labels are ${seen}`);
}

/** Whether a record names its company by a lookup field. */
export const isLookup = ({ fields }: Schema, names: Fields): boolean =>
  fields.some(({ name, type }) => name === names.get('company') && type?.toUpperCase() === 'RELATIONSHIP');

type CompanyOf = (named: unknown) => Company | undefined;

/**
 * Finds the company that a record names. A lookup field has the number that organizations map, which comes as text if
 * it is too long for a number; another field can have the company's own id as text.
 */
export function companyFinder(companies: readonly Company[], isLookup: boolean): CompanyOf {
  const byOrganization = new Map(
    companies.flatMap((company) => (company.org_company_id == null ? [] : [[String(company.org_company_id), company]])),
  );
  const byId = new Map(companies.map((company) => [String(company.id), company]));
  return (named) =>
    isLookup || typeof named === 'number' ? byOrganization.get(String(named)) : byId.get(String(named ?? ''));
}

/** A record as a billed line. If its company is none of those listed, its customer is one that no company can claim. */
export function lineOf(
  { display_id, data }: Note,
  fields: Fields,
  companyOf: CompanyOf,
  currency: string | undefined,
): ReadLine {
  const at = (member: keyof Labels): unknown => {
    const field = fields.get(member);
    return field === undefined ? undefined : (data[field] ?? undefined);
  };
  const named = at('company');
  const company = companyOf(named);
  const unit = amountIn(at('unitPrice'));
  const period = String(at('period') ?? 'monthly')
    .trim()
    .toLowerCase();
  const months = MONTHS_OF_PERIOD.get(period);
  const code = wordIn(at('currency'))?.toUpperCase() ?? currency;
  const billable = String(at('billable') ?? '')
    .trim()
    .toLowerCase();
  const days = daysOf(() => ({ from: dayIn(at('from')), to: dayIn(at('to')) }));
  const doubt = days.doubt ?? doubtOf(period, billable);
  return {
    id: display_id,
    product: { name: wordIn(at('product')) ?? 'record without a product' },
    customer:
      company === undefined ? stranger(named) : { id: String(company.id), name: company.name || String(company.id) },
    quantity: quantityIn(at('quantity')),
    included: '0',
    ...(unit === undefined || months === undefined ? {} : { price: { amount: unit, months } }),
    ...(code === undefined || !/^[A-Z]{3}$/u.test(code) ? {} : { currency: code }),
    ...days,
    billable: !NOT_CHARGED.includes(billable),
    kind: ONCE.includes(period) ? 'other' : 'recurring',
    quantitySource: 'fixed',
    ...(doubt === undefined ? {} : { doubt }),
    notes: [],
  };
}

/** No company's id: a number that organizations have can be another company's id. */
const stranger = (named: unknown): ReadLine['customer'] => {
  const what = named === undefined ? 'no company' : `company ${JSON.stringify(named)}, which Freshdesk does not list`;
  return { id: what, name: what };
};

/** These two words decide whether a record is charged, and whether repeatedly. */
function doubtOf(period: string, billable: string): ReadLine['doubt'] {
  const unknown = (what: string): ReadLine['doubt'] => ({
    kind: 'ambiguous',
    reason: `its ${what}, which is not known`,
  });
  if (!MONTHS_OF_PERIOD.has(period) && !ONCE.includes(period)) return unknown(`period is "${period}"`);
  if (![...CHARGED, ...NOT_CHARGED].includes(billable)) return unknown(`word for billable is "${billable}"`);
  return undefined;
}

/** A number that somebody filled in. Empty is not 0, and digits in a text field are not a number. */
export function quantityIn(value: unknown): ReadLine['quantity'] {
  if (typeof value === 'number') return { value: plain(decimal(value)) };
  return {
    unknown: value === undefined || value === null ? 'it is not filled in' : `${JSON.stringify(value)} is not a number`,
  };
}

const amountIn = (value: unknown): DecimalText | undefined =>
  typeof value === 'number' ? plain(decimal(value)) : undefined;

const wordIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** Errors: `VendorContractError` for what is not a date. */
function dayIn(value: unknown): Day | null {
  if (value === undefined || value === '') return null;
  if (typeof value === 'string') return readDay(value);
  if (typeof value === 'number') return dayOfMoment(value);
  throw new ReportError('VendorContractError', `Freshdesk: ${JSON.stringify(value)} is not a date`);
}
