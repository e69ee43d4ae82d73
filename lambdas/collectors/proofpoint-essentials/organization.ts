import * as z from 'zod/mini';
import { anyId } from '../../counting/ids.ts';
import { aside, figure, itself, Unread } from '../../counting/row-forms.ts';
import { wholeNumber, yesNo } from '../../counting/values.ts';
import { words } from '../../counting/words.ts';
import { ReportError } from '../../report/errors.ts';
import { maybe } from '../../wire/forms.ts';
import { inSlices, whole } from '../../wire/list-paging.ts';
import { list, type RowOf } from '../../wire/lists.ts';

const domain = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text) => text.trim().toLowerCase()),
  ),
  z.string().check(z.minLength(1, 'expected a domain')),
);

/** What partners and inactive organizations can lack. */
const figureIfAny = <T extends z.ZodMiniType>(form: T) => figure(maybe(form));

/** Older and newer stacks spell licences and trial differently. */
const organization = {
  primary_domain: itself(figure(domain)),
  name: aside(z.string()),
  eid: figureIfAny(anyId),
  type: figureIfAny(z.string()),
  is_active: figureIfAny(yesNo),
  licensing_package: figureIfAny(z.string()),
  user_licenses: figureIfAny(wholeNumber),
  user_licences: figureIfAny(wholeNumber),
  active_users: figureIfAny(wholeNumber),
  is_on_trial: figureIfAny(yesNo),
  on_trial: figureIfAny(yesNo),
  domains: aside(z.array(z.object({ name: z.string() }))),
};

/**
 * The organizations directly below a partner. The API has one page: if a pause interrupts it, all of it is requested
 * again.
 */
export const organizationsBelow = (partner: string, stack: string) =>
  list(`/orgs/${encodeURIComponent(partner)}/orgs`, organization, inSlices(whole('orgs')), {
    key: ({ eid, primary_domain }) => [eid, primary_domain].find((id) => typeof id === 'string') ?? '',
    name: `/orgs/${partner}/orgs on ${stack}`,
  });

export type Organization = RowOf<ReturnType<typeof organizationsBelow>>;

/** Partners have customers instead of users. */
export const kindOf = words('type', {
  organization: ['organization'],
  partner: ['channel', 'channel_partner', 'strategic_partner', 'oem_partner'],
});

/** Whether an organization is active. Errors: as of `figuresOf`. */
export const isActive = ({ is_active }: Organization): boolean => stated({ is_active });

/** What decides an organization's cells. Errors: `VendorContractError` naming a field that is missing or invalid. */
export const figuresOf = (row: Organization) => ({
  package: stated({ licensing_package: row.licensing_package }),
  licences: stated({ user_licenses: row.user_licenses, user_licences: row.user_licences }),
  active: stated({ active_users: row.active_users }),
  onTrial: stated({ is_on_trial: row.is_on_trial, on_trial: row.on_trial }),
});

/** The value of a field under any of its spellings; if the row has several, they must agree. */
function stated<T>(spellings: Readonly<Record<string, T | Unread | null | undefined>>): T {
  const [first, ...others] = Object.values(spellings).filter(
    (value) => value !== undefined && value !== null && value !== '',
  );
  const odd = [first, ...others].find((value) => value instanceof Unread);
  if (odd instanceof Unread) throw new ReportError('VendorContractError', odd.reason);
  const other = others.find((value) => value !== first);
  if (other !== undefined) {
    const both = Object.keys(spellings).join(' and ');
    throw new ReportError('VendorContractError', `${both} disagree: ${first} and ${other}`);
  }
  if (first !== undefined && first !== null && !(first instanceof Unread)) return first;
  const names = Object.keys(spellings).join(' or ');
  throw new ReportError('VendorContractError', `Proofpoint Essentials does not report ${names}`);
}
