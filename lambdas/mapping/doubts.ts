import type { Account, Company } from './clientele.ts';
import { domainsOf, mailDomain } from './domains.ts';
import { type Evidence, plainId } from './evidence.ts';
import { plainName, relationOf } from './names.ts';

/** The reasons against mapping the customer to the company, in words. */
export function doubtsOf(account: Account, company: Company, evidence: readonly Evidence[]): string[] {
  return [
    ...(company.ids.get(account.integration)?.length === 0
      ? [`${company.name} is recorded as having nothing there`]
      : []),
    ...otherAccount(account, company),
    ...otherId(account, company),
    ...otherForm(account, company),
    ...(evidence.every(({ kind }) => kind === 'name') ? otherDomains(account, company) : []),
  ];
}

/** Several customers of one company are possible, but a person has to confirm it. */
function otherAccount(account: Account, company: Company): string[] {
  const others = company.accounts.filter((other) => other.integration === account.integration && other !== account);
  return others.slice(0, 1).map(({ name, id }) => `it already has ${name} (${id}) there`);
}

/** A company may have two tenants, but then this is the other one. */
function otherId(account: Account, company: Company): string[] {
  return account.ids.flatMap(({ integration, id }) => {
    const known = [
      ...(company.ids.get(integration) ?? []),
      ...company.accounts
        .filter((other) => other !== account)
        .flatMap((other) => other.ids.filter((each) => each.integration === integration).map((each) => each.id)),
    ];
    const isOther = known.length > 0 && !known.some((each) => plainId(each) === plainId(id));
    return isOther ? [`its ${integration} id is ${known[0]}, not ${id}`] : [];
  });
}

function otherForm(account: Account, company: Company): string[] {
  const relation = relationOf(plainName(account.name), plainName(company.name));
  return relation === 'different-form' ? [`${company.name} has another legal form`] : [];
}

/** Both sides have mail domains, and none in common. */
function otherDomains(account: Account, company: Company): string[] {
  const families = (texts: readonly string[]) => new Set(texts.flatMap((text) => mailDomain(text)?.family ?? []));
  const ours = families(domainsOf(account));
  const theirs = families([
    ...company.domains,
    ...company.accounts.filter((other) => other !== account).flatMap(domainsOf),
  ]);
  const [first] = theirs;
  if (ours.size === 0 || first === undefined || [...ours].some((family) => theirs.has(family))) return [];
  return [`other domains (${[...ours][0]}, ${first})`];
}
