import type { Cell } from '../report/report.ts';
import type { Who } from './action.ts';
import type { ReconciliationState } from './rows.ts';

/** What a colour means, in both views. `mark` means the same without colours. */
export type Tone = 'lost' | 'over' | 'open' | 'good' | 'calm';

export type StateWords = { tone: Tone; mark: string; meaning: string };

export type BlankState = Exclude<Cell['state'], 'counted'>;

/** Why a cell has no number, the worst first. */
export const BLANK_STATES: Record<BlankState, StateWords> = {
  failed: { tone: 'lost', mark: '✕', meaning: 'the vendor, or this customer of it, could not be read' },
  ambiguous: {
    tone: 'over',
    mark: '≠',
    meaning: 'more than one company, or more than one customer, has the id, so it counts for no company',
  },
  'not-found': { tone: 'over', mark: '?', meaning: 'the company has an id that the vendor does not list' },
  excluded: { tone: 'open', mark: '○', meaning: 'the vendor lists the customer, but it is left out by definition' },
  unmapped: { tone: 'calm', mark: '–', meaning: 'the company has no id at this vendor' },
};

/** How what was counted compares with what is billed. */
export const COMPARISON_STATES: Record<ReconciliationState, StateWords> = {
  'under-billed': { tone: 'lost', mark: '▲', meaning: 'more is delivered than billed' },
  'counted-not-billed': { tone: 'lost', mark: '▲', meaning: 'delivered, and not billed at all' },
  'over-billed': { tone: 'over', mark: '▼', meaning: 'more is billed than delivered' },
  'billed-not-counted': { tone: 'over', mark: '▼', meaning: 'billed, and the vendor counts none' },
  'not-compared': { tone: 'open', mark: '?', meaning: 'one side was not read; the reason says which' },
  matched: { tone: 'good', mark: '=', meaning: 'billed as delivered' },
  tolerated: { tone: 'calm', mark: '≈', meaning: 'an exception covers the difference' },
  ignored: { tone: 'calm', mark: '·', meaning: 'an exception leaves this row out' },
};

/** The states of a row that somebody should act on. */
export const DIFFERENT: readonly ReconciliationState[] = [
  'under-billed',
  'counted-not-billed',
  'over-billed',
  'billed-not-counted',
];

/** Who does an action, for headings and filters. */
export const WHO: Record<Who, string> = { clerk: 'Clerk', engineer: 'Engineer', mapping: 'Mapping' };
