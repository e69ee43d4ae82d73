import type { Reading } from '../../counting/facts.ts';
import type { Verbs } from '../../counting/verbs.ts';
import { ReportError } from '../../report/errors.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { type Access, credentialsOf } from './access.ts';
import type { OrganizationFacts } from './facts.ts';
import { organizationsBelow } from './organization.ts';

/**
 * Reads what is below a partner on one stack, including its own partners at any depth. Errors: `ConfigurationError` for
 * a wrong stack.
 */
export async function* readStack(verbs: Verbs<never>, here: Access, facts: OrganizationFacts): Reading {
  const { read, each } = verbs.through(verbs.api.with(credentialsOf(here)));
  const home = here.partnerDomain.toLowerCase();
  const visited = new Set([home]);
  /** The organizations directly below `partner`; partners among them go to `below`, each once. */
  const listed = (partner: string, below: string[]) =>
    read(organizationsBelow(partner, here.stack), (row) => {
      const { primary_domain: id, name } = row;
      if (id === home) return [verbs.customer(id, name), verbs.excluded(id, "the partner's own organization")];
      return facts.of(row, (domain) => {
        if (!visited.has(domain)) below.push(domain);
        visited.add(domain);
      });
    });

  const partners: string[] = [];
  try {
    yield* listed(here.partnerDomain, partners);
  } catch (error) {
    throw isUnknownHere(error) ? wrongStack(here, error) : error;
  }
  const readAll = async function* (top: string) {
    const below = [top];
    for (let next = below.pop(); next !== undefined; next = below.pop()) yield* listed(next, below);
  };
  yield* each(new Set(partners).entries(), readAll, `partner on ${here.stack}`);
}

const isUnknownHere = (error: unknown): boolean => error instanceof RefusedAnswer && error.status === 404;

const wrongStack = ({ stack, partnerDomain }: Access, cause: unknown): ReportError =>
  new ReportError(
    'ConfigurationError',
    `proofpoint-essentials: stack ${stack} does not know ${partnerDomain}: correct stack or partnerDomain in the secret`,
    { cause },
  );
