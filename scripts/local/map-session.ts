import { type Answer, type Answered, answered, type Statement, withAnswers } from '../../lambdas/mapping/answers.ts';
import type { Account, Clientele, Company } from '../../lambdas/mapping/clientele.ts';
import { blanksOf } from '../../lambdas/mapping/findings.ts';
import { linkOf } from '../../lambdas/mapping/links.ts';
import { plainName } from '../../lambdas/mapping/names.ts';
import { searchCompanies } from '../../lambdas/mapping/search.ts';
import { type Suggestion, suggest } from '../../lambdas/mapping/suggest.ts';
import { type Names, nameAndId, plain, reasons, stakes, suggestionLines } from '../../lambdas/mapping/words.ts';
import type { Conversation } from './conversation.ts';
import type { Journal } from './map-journal.ts';

/** The person left: by `q`, Ctrl-C, or the end of the input. */
class Left extends Error {}

const KEYS = `  y      yes, the first of those shown        a number  that one
  n      none of those shown                  -         none of our companies: do not ask again
  words  search our companies by name         b         undo the last answer
  Enter  later                                q         stop; everything answered is kept`;

/** One session: asks about every unmapped customer, until all are answered or the person leaves. */
export class MapSession {
  readonly #clientele: Clientele;
  readonly #names: Names;
  readonly #journal: Journal;
  readonly #talk: Conversation;
  readonly #now: () => number;
  /** Customers skipped until the next session. */
  readonly #later = new Set<Account>();
  /** Certain links that the person wants to confirm one by one. */
  readonly #oneByOne = new Set<Account>();
  /** How many answers each question of this session led to: one can decide about several customers. */
  readonly #given: number[] = [];
  /** The keys are shown with the first question and on request. */
  #knowsKeys = false;
  /** The suggestions after this number of answers; only another answer changes them. */
  #known: { after: number; suggestions: readonly Suggestion[] } | undefined;

  constructor(
    { clientele, names }: { clientele: Clientele; names: Names },
    journal: Journal,
    talk: Conversation,
    now: () => number,
  ) {
    this.#clientele = clientele;
    this.#names = names;
    this.#journal = journal;
    this.#talk = talk;
    this.#now = now;
  }

  /** Resolves when nothing is left to ask or the person left; all answers are in the journal by then. */
  async run(): Promise<void> {
    try {
      await this.#customers('likely');
      const unclear = this.#open('unclear').length;
      if (unclear > 0 && (await this.#yes(`${unclear} more without clear evidence. Go through them?`))) {
        await this.#customers('unclear');
      }
      await this.#blanks();
    } catch (error) {
      if (!(error instanceof Left)) throw error;
    }
  }

  async #customers(last: 'likely' | 'unclear'): Promise<void> {
    for (;;) {
      await this.#takeCertain();
      const open = last === 'likely' ? this.#open('likely') : this.#open('likely', 'unclear');
      const [next] = open;
      if (next === undefined) return;
      await this.#askAbout(next, open.length);
    }
  }

  /** Certain links are accepted together, or asked one by one. */
  async #takeCertain(): Promise<void> {
    const certain = this.#suggestions().filter(
      ({ class: certainty, account }) => certainty === 'certain' && !this.#oneByOne.has(account),
    );
    if (certain.length === 0) return;
    this.#given.push(0);
    this.#talk.say(`\n${suggestionLines(certain, this.#names).join('\n')}`);
    const takes = await this.#yes(certain.length === 1 ? 'Take this link?' : `Take these ${certain.length} links?`);
    for (const { account, candidates } of certain) {
      const [best] = candidates;
      if (takes && best !== undefined) await this.#add({ answer: 'is', ...linkOf(account, best.company.id) });
      else this.#oneByOne.add(account);
    }
  }

  async #askAbout({ account, candidates, class: certainty }: Suggestion, left: number): Promise<void> {
    const { integration } = account;
    const vendor = this.#names.get(integration) ?? integration;
    this.#given.push(0);
    this.#talk.say(`\n${left} left · ${vendor}: ${nameAndId(account)} · ${stakes(account)}`);
    for (const [index, candidate] of candidates.entries()) {
      this.#talk.say(`  ${index + 1}  ${nameAndId(candidate.company)}: ${reasons(candidate, this.#names)}`);
    }
    if (!this.#knowsKeys) this.#talk.say(KEYS);
    this.#knowsKeys = true;
    let shown: readonly Company[] = candidates.map(({ company }) => company);
    for (;;) {
      const answer = await this.#ask(
        shown.length > 0 ? '  y, n, number, words, -, b, q, ? > ' : '  words, -, b, q, ? > ',
      );
      const chosen = /^[1-9]$/u.test(answer)
        ? shown[Number(answer) - 1]
        : answer === 'y' && certainty !== 'unclear'
          ? shown[0]
          : undefined;
      if (chosen !== undefined) {
        if (await this.#link(account, chosen)) return;
      } else if (answer === '') {
        this.#later.add(account);
        return;
      } else if (answer === 'n' && candidates.length > 0) {
        for (const { company } of candidates) await this.#add({ answer: 'is not', ...linkOf(account, company.id) });
        return;
      } else if (answer === '-') {
        return this.#nobody(account);
      } else if (answer === 'b') {
        return this.#takeBack();
      } else if (answer.length < 2) {
        this.#talk.say(KEYS);
      } else {
        shown = searchCompanies(this.#clientele.companies, answer);
        const lines = shown.map((company, index) => `  ${index + 1}  ${nameAndId(company)}`);
        this.#talk.say(lines.length === 0 ? '  no company with that name' : lines.join('\n'));
      }
    }
  }

  /** Belongs to no company; vendors often list such a customer under the same name. */
  async #nobody(account: Account): Promise<void> {
    const add = ({ integration, id }: Account) => this.#add({ answer: 'nobody', integration, customer: id });
    await add(account);
    for (const other of await this.#namesakes(account, 'Nor', ({ candidates }) => candidates.length === 0)) {
      await add(other);
    }
  }

  /** Customers of the same name at other vendors, if the person wants the same answer for them. */
  async #namesakes(account: Account, word: string, fits: (suggestion: Suggestion) => boolean): Promise<Account[]> {
    const { core } = plainName(account.name);
    const others = this.#open('likely', 'unclear')
      .filter((each) => each.account.integration !== account.integration && plainName(each.account.name).core === core)
      .filter(fits)
      .map((each) => each.account);
    const places = others.map(({ integration, id }) => `${this.#names.get(integration) ?? integration} (${plain(id)})`);
    const isMeant = others.length > 0 && (await this.#yes(`  ${word} that name at ${places.join(', ')}?`));
    return isMeant ? others : [];
  }

  /** False if the person decides against it. */
  async #link(account: Account, chosen: Company): Promise<boolean> {
    const { integration } = account;
    const now = withAnswers(this.#clientele, this.#answered()).companies.find(({ id }) => id === chosen.id) ?? chosen;
    const vendor = this.#names.get(integration) ?? integration;
    const hasNothing = now.ids.get(integration)?.length === 0;
    const others = now.accounts.filter((other) => other.integration === integration);
    const objection = hasNothing
      ? `${nameAndId(now)} is recorded as having nothing at ${vendor}. Is that wrong, and is this its customer?`
      : others.length > 0
        ? `${nameAndId(now)} already has ${others.map(nameAndId).join(', ')} at ${vendor}. Add this one to it?`
        : undefined;
    if (objection !== undefined && !(await this.#yes(`  ${objection}`))) return false;
    const despite = hasNothing ? { despiteNothing: true as const } : {};
    await this.#add({ answer: 'is', ...linkOf(account, chosen.id), ...despite });
    const isAlike = ({ class: certainty, candidates: [best] }: Suggestion) =>
      certainty === 'likely' && best?.company.id === chosen.id && best.doubts.length === 0;
    for (const other of await this.#namesakes(account, 'Also', isAlike)) {
      await this.#add({ answer: 'is', ...linkOf(other, chosen.id) });
    }
    return true;
  }

  /** An intended blank: the company has nothing at that vendor. */
  async #blanks(): Promise<void> {
    const now = withAnswers(this.#clientele, this.#answered());
    for (const [integration, companies] of blanksOf(now, this.#suggestions())) {
      if (companies.length === 0) continue;
      const vendor = this.#names.get(integration) ?? integration;
      this.#talk.say(
        `\n${vendor}: no id, and no customer there that matches: ${companies.map(({ name }) => plain(name)).join(', ')}`,
      );
      const answer = await this.#ask(
        companies.length === 1
          ? '  Does it have nothing there? y, Enter for later, q > '
          : `  Do all ${companies.length} have nothing there? y, o (one by one), Enter for later, q > `,
      );
      for (const company of answer === 'y' || answer === 'o' ? companies : []) {
        if (answer === 'o' && !(await this.#yes(`  Does ${nameAndId(company)} have nothing at ${vendor}?`))) continue;
        await this.#add({ answer: 'nothing there', integration, company: company.id });
      }
    }
  }

  /** Withdraws all answers to the last question that had any; in a new session, the last one of those before. */
  async #takeBack(): Promise<void> {
    this.#later.clear();
    while (this.#given.at(-1) === 0) this.#given.pop();
    const answers = this.#given.pop() ?? 1;
    for (let withdrawn = 0; withdrawn < answers; withdrawn += 1) await this.#write({ answer: 'back' });
  }

  #answered = (): Answered => answered(this.#clientele, this.#journal.answers);

  #suggestions(): readonly Suggestion[] {
    const { length } = this.#journal.answers;
    if (this.#known?.after === length) return this.#known.suggestions;
    const soFar = this.#answered();
    const all = suggest(withAnswers(this.#clientele, soFar), soFar.refused);
    const suggestions = all.filter(({ account }) => !soFar.nobody.has(account));
    this.#known = { after: length, suggestions };
    return suggestions;
  }

  /** What is still to be asked, including certain links that the person wants to confirm one by one. */
  #open(...classes: readonly Suggestion['class'][]): Suggestion[] {
    return this.#suggestions().filter(
      ({ class: certainty, account }) =>
        (certainty === 'certain' || classes.includes(certainty)) && !this.#later.has(account),
    );
  }

  async #add(answer: WithoutEach<Statement, 'at'>): Promise<void> {
    await this.#write(answer);
    this.#given.push((this.#given.pop() ?? 0) + 1);
  }

  async #write(answer: WithoutEach<Answer, 'at'>): Promise<void> {
    await this.#journal.add({ ...answer, at: new Date(this.#now()).toISOString() });
  }

  async #ask(question: string): Promise<string> {
    const answer = await this.#talk.ask(question);
    if (answer === undefined || answer === 'q') throw new Left();
    return answer;
  }

  #yes = async (question: string): Promise<boolean> => (await this.#ask(`${question} y, Enter for no > `)) === 'y';
}

/** `Omit` for each member of a union. */
type WithoutEach<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
