import type { Company } from './clientele.ts';
import { plainName, resemblance } from './names.ts';

/**
 * The companies whose name or id contains the words, then those similar to `name`, the most similar first: for a person
 * to choose from.
 */
export function searchCompanies(companies: readonly Company[], words: string, most = 9): Company[] {
  const wanted = plainName(words).core.split(' ');
  const score = ({ id, name }: Company): number => {
    const text = `${plainName(name).core} ${id.toLowerCase()}`;
    const holds = wanted.every((word) => text.includes(word));
    return (holds ? 1 : 0) + resemblance(words, name);
  };
  return companies
    .map((company) => ({ company, score: score(company) }))
    .filter((found) => found.score >= LEAST_ALIKE)
    .sort((a, b) => b.score - a.score || (a.company.name < b.company.name ? -1 : 1))
    .slice(0, most)
    .map(({ company }) => company);
}

/** Less similar names share little more than an ending. */
const LEAST_ALIKE = 0.4;
