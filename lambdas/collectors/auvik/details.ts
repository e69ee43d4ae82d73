import type { Reading } from '../../counting/facts.ts';
import { Unread } from '../../counting/row-forms.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { ReportError } from '../../report/errors.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { type Detail, detailOf, details, rootsOf, type Tenant } from './tenants.ts';

type Main = { id?: string; prefix: string | Unread; leads: boolean };

/**
 * The details of tenants, by id, as each main account reports them, or only the one that the secret names.
 * Errors: `ConfigurationError` if there is no such main account; the refusal for one that leads others, because without
 * its answer nobody knows who is disabled or a trial.
 */
export async function* detailsOf(
  { read }: Verbs<never>,
  all: ReadonlyMap<string, Tenant>,
  domainPrefix: string | undefined,
): Reading<ReadonlyMap<string, Detail>> {
  const byTenant = new Map<string, Detail>();
  const mains: Main[] =
    domainPrefix === undefined
      ? rootsOf(all).map(({ tenant, leads }) => ({ id: tenant.id, prefix: tenant.attributes.domainPrefix, leads }))
      : [{ prefix: domainPrefix, leads: true }];
  for (const { id, prefix, leads } of mains) {
    // An earlier main account's answer included this one.
    if (id !== undefined && byTenant.has(id)) continue;
    if (prefix instanceof Unread) {
      if (leads) throw new ReportError('VendorContractError', prefix.reason);
      continue;
    }
    const query = { tenantDomainPrefix: prefix };
    try {
      yield* read({ ...details, name: `${details.path} of ${prefix}`, query }, (row) => {
        byTenant.set(row.id, detailOf(row));
        return undefined;
      });
    } catch (error) {
      if (!(error instanceof RefusedAnswer)) throw error;
      if (domainPrefix !== undefined && error.status !== 403) throw noSuchAccount(domainPrefix, error);
      // A client whose parent is not shown is not a main account, so Auvik may refuse the call.
      if (leads) throw error;
    }
  }
  return byTenant;
}

const noSuchAccount = (prefix: string, cause: RefusedAnswer): ReportError =>
  new ReportError(
    'ConfigurationError',
    `auvik: there are no details for a main account ${prefix}: correct domainPrefix in the secret, or leave it out`,
    { cause },
  );
