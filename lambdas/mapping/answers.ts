import * as z from 'zod/mini';
import type { Account, Clientele, Company } from './clientele.ts';
import type { Link, Nothing } from './links.ts';
import type { Refusal } from './suggest.ts';

const text = z.string().check(z.minLength(1));
const at = { at: z.string() };

/** A person's answer about a customer or a company, as the journal keeps it. `back` withdraws the answer before it. */
export const Answer = z.discriminatedUnion('answer', [
  z.strictObject({
    ...at,
    answer: z.literal('is'),
    integration: text,
    customer: text,
    company: text,
    /** The person confirmed it although organizations.json records that the company has nothing there. */
    despiteNothing: z.optional(z.literal(true)),
  }),
  z.strictObject({ ...at, answer: z.literal('is not'), integration: text, customer: text, company: text }),
  z.strictObject({ ...at, answer: z.literal('nobody'), integration: text, customer: text }),
  z.strictObject({ ...at, answer: z.literal('nothing there'), integration: text, company: text }),
  z.strictObject({ ...at, answer: z.literal('back') }),
]);

export type Answer = z.output<typeof Answer>;
/** An answer other than `back`. */
export type Statement = Exclude<Answer, { answer: 'back' }>;

/** The result of all answers, given the present files. */
export type Answered = {
  links: readonly Link[];
  nothings: readonly Nothing[];
  refused: readonly Refusal[];
  /** Customers of no company. */
  nobody: ReadonlySet<Account>;
  /**
   * Answers that the files now contradict: they have no effect. `isOpen`: the question is asked again; else the files
   * answer it.
   */
  contradicted: readonly { answer: Statement; why: string; isOpen: boolean }[];
};

/** The answers that were not withdrawn by `back`. */
export function standing(answers: readonly Answer[]): Statement[] {
  const statements: Statement[] = [];
  for (const answer of answers) {
    if (answer.answer === 'back') statements.pop();
    else statements.push(answer);
  }
  return statements;
}

/**
 * Compares the answers with the files. Of two on the same customer, or the same company and vendor, the later one
 * counts.
 */
export function answered(clientele: Clientele, answers: readonly Answer[]): Answered {
  const open = new Map(clientele.unmapped.map((account) => [keyOf(account.integration, account.id), account]));
  const companies = new Map(clientele.companies.map((company) => [company.id, company]));
  const links = new Map<string, Link>();
  const nothings = new Map<string, Nothing>();
  const nobody = new Set<Account>();
  const refused: Refusal[] = [];
  const contradicted: { answer: Statement; why: string; isOpen: boolean }[] = [];
  for (const answer of standing(answers)) {
    const { integration } = answer;
    const company = 'company' in answer ? companies.get(answer.company) : undefined;
    const account = 'customer' in answer ? open.get(keyOf(integration, answer.customer)) : undefined;
    const why = contradictionOf(answer, clientele, account, company);
    if (why !== undefined) contradicted.push({ answer, why, isOpen: account !== undefined });
    else if (answer.answer === 'nothing there') {
      if (company?.ids.has(integration) === false) {
        nothings.set(keyOf(integration, company.id), { integration, company: company.id });
      }
    } else if (account !== undefined) {
      const key = keyOf(integration, account.id);
      if (answer.answer === 'is not') refused.push({ account, company: answer.company });
      if (answer.answer === 'nobody') nobody.add(account);
      else nobody.delete(account);
      links.delete(key);
      if (answer.answer === 'is') {
        links.set(key, { integration, customer: account.id, company: answer.company });
        nothings.delete(keyOf(integration, answer.company));
      }
    }
  }
  return { links: [...links.values()], nothings: [...nothings.values()], refused, nobody, contradicted };
}

/** Why the answer contradicts the files; undefined if it does not. */
function contradictionOf(
  answer: Statement,
  clientele: Clientele,
  account: Account | undefined,
  company: Company | undefined,
): string | undefined {
  if ('company' in answer && company === undefined) return `organizations.json has no company ${answer.company}`;
  if (answer.answer === 'nothing there') {
    const ids = company?.ids.get(answer.integration) ?? [];
    return ids.length === 0 ? undefined : `organizations.json has ${ids.join(', ')} for ${answer.company}`;
  }
  if (answer.answer !== 'is') return undefined;
  if (account === undefined) {
    const owner = ownerOf(clientele, answer);
    if (owner === answer.company) return undefined;
    return owner === undefined ? 'the vendor no longer lists it' : `organizations.json maps it to ${owner}`;
  }
  const isNothing = company?.ids.get(answer.integration)?.length === 0;
  return isNothing && answer.despiteNothing !== true
    ? `organizations.json records that ${answer.company} has nothing there`
    : undefined;
}

function ownerOf(
  { companies, ambiguous }: Clientele,
  { integration, customer }: { integration: string; customer: string },
) {
  const is = (account: Account) => account.integration === integration && account.id === customer;
  const shared = ambiguous.find(({ account }) => is(account));
  return shared?.companies.join(' and ') ?? companies.find(({ accounts }) => accounts.some(is))?.id;
}

/** The clientele after the links and empty lists are added to organizations.json. */
export function withAnswers(
  clientele: Clientele,
  { links, nothings }: { links: readonly Link[]; nothings: readonly Nothing[] },
): Clientele {
  const owners = new Map(links.map(({ integration, customer, company }) => [keyOf(integration, customer), company]));
  const ownerOf = ({ integration, id }: Account) => owners.get(keyOf(integration, id));
  const added = Map.groupBy(clientele.unmapped, ownerOf);
  const companies = clientele.companies.map((company): Company => {
    const accounts = added.get(company.id) ?? [];
    const none = nothings.filter((nothing) => nothing.company === company.id);
    if (accounts.length === 0 && none.length === 0) return company;
    const ids = new Map(company.ids);
    for (const { integration } of none) ids.set(integration, []);
    for (const { integration, id } of accounts) ids.set(integration, [...(ids.get(integration) ?? []), id]);
    return { ...company, ids, accounts: [...company.accounts, ...accounts] };
  });
  return { ...clientele, companies, unmapped: added.get(undefined) ?? [] };
}

const keyOf = (integration: string, id: string): string => JSON.stringify([integration, id]);
