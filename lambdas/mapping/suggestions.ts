import type { CompanySuggestion } from '../report/company-suggestion.ts';
import type { Account, Clientele } from './clientele.ts';
import { relevant } from './relevant.ts';
import { type Suggestion, suggest } from './suggest.ts';
import { evidenceText, type Names, plain } from './words.ts';

/** What a report suggests for each customer that no company is mapped to. */
export const suggestionsFor = (clientele: Clientele, names: Names): ReadonlyMap<Account, CompanySuggestion> =>
  new Map(suggest(relevant(clientele)).map((each) => [each.account, suggestionOf(each, names)]));

function suggestionOf(suggestion: Suggestion, names: Names): CompanySuggestion {
  const {
    class: certainty,
    candidates: [best],
  } = suggestion;
  const company =
    certainty === 'unclear' || best === undefined
      ? {}
      : { company: { id: best.company.id, name: plain(best.company.name) } };
  return { certainty, ...company, evidence: evidenceText(suggestion, names) };
}
