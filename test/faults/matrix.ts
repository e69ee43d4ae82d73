import { unseeable } from './cannot-be-seen.ts';
import type { Ending, Exchange, Rig } from './fault-rig.ts';
import { judge } from './judge.ts';
import { type MemberFault, memberFaults } from './member-faults.ts';
import { type Fault, PAGE_FAULTS, WIRE_FAULTS } from './wire-faults.ts';

export type Outcome = ReturnType<typeof judge>['verdict'] | 'unseen';

/** How many runs had which outcome, by kind of fault. */
export type Tallied = Map<string, Map<Outcome, number>>;

export type Spoiled = { tallied: Tallied; wrong: string[]; unseen: Set<string> };

/** Requests for a token: whatever goes wrong there can be reported as refused credentials. */
const TOKEN = /token|login|auth\/(?!info)/iu;

/** The first, a middle and the last request of a list. */
const positions = (list: readonly Exchange[]): Exchange[] =>
  [...new Set([0, Math.floor(list.length / 2), list.length - 1])].flatMap((index) => list[index] ?? []);

/** Every kind of wire and page fault, at the first, a middle and the last request of each list. */
export const spoilAnswers = (rig: Rig): Promise<Spoiled> =>
  spoil(rig, () => [...WIRE_FAULTS, ...PAGE_FAULTS].map((fault) => ({ ...fault, kind: fault.name })));

/** Every field of each list's first answer, spoiled in every way. */
export const spoilMembers = (rig: Rig): Promise<Spoiled> =>
  spoil(rig, (here) => (here.index === 0 ? memberFaults(here) : []));

async function spoil(
  rig: Rig,
  faultsAt: (here: Exchange) => readonly (Fault & { kind: string } & Partial<Pick<MemberFault, 'member'>>)[],
): Promise<Spoiled> {
  const result: Spoiled = { tallied: new Map(), wrong: [], unseen: new Set() };
  for (const [name, list] of rig.lists()) {
    for (const here of positions(list)) {
      for (const { kind, name: fault, errors, spoil: make, member } of faultsAt(here)) {
        const spoiling = make(here, list);
        if (spoiling === undefined) continue;
        const fitting = TOKEN.test(here.request.path) ? [...errors, 'VendorAuthError'] : errors;
        const ending = await rig.run(spoiling);
        const verdict = judge(rig.clean, ending, fitting, kind.endsWith('everywhere'));
        const text = sentences(ending);
        if (rig.secrets.some((secret) => text.includes(secret)))
          result.wrong.push(`${name}: ${fault}: a secret is shown`);
        if (verdict.verdict === 'partial' && fault.endsWith(', once') && verdict.touched > speaksOf(here, rig)) {
          result.wrong.push(
            `${name}, request ${here.index + 1}: ${fault}: ${verdict.touched} customers failed with it`,
          );
        }
        const why =
          verdict.verdict === 'wrong'
            ? unseeable({ fault: kind, here, list, ...(member === undefined ? {} : { member }) }, rig)
            : undefined;
        const outcome = why === undefined ? verdict.verdict : 'unseen';
        if (why !== undefined) result.unseen.add(why);
        if (verdict.verdict === 'wrong' && why === undefined) {
          result.wrong.push(`${name}, request ${here.index + 1}: ${fault}: ${verdict.how}`);
        }
        const counts = result.tallied.get(kind) ?? new Map<Outcome, number>();
        result.tallied.set(kind, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
      }
    }
  }
  return result;
}

/** How many customers an exchange is about: those that it names, or else one. */
function speaksOf({ signature, answer }: Exchange, { clean }: Rig): number {
  const text = `${signature} ${JSON.stringify(answer.body)}`.toLowerCase();
  return Math.max(1, clean.collection.customers.filter(({ id }) => text.includes(id.toLowerCase())).length);
}

/** Everything that a person would read of it. */
const sentences = (ending: Ending): string =>
  'error' in ending
    ? ending.error.message
    : JSON.stringify([
        ending.collection.notes,
        ending.collection.customers.map(({ reason, notes, gaps }) => [reason, notes, gaps]),
      ]);

const LETTERS: [Outcome, string][] = [
  ['right', 'r'],
  ['failed', 'f'],
  ['partial', 'p'],
  ['warned', 'w'],
  ['noted', 'n'],
  ['renamed', 'p#'],
  ['unseen', 'u'],
  ['wrong', 'WRONG'],
];

/** Vendor x fault as text: how many runs ended right, failed and so on. */
export function table(of: ReadonlyMap<string, Tallied>): string {
  const vendors = [...of.keys()];
  const kinds = [...new Set([...of.values()].flatMap((tallied) => [...tallied.keys()]))];
  const cell = (vendor: string, kind: string): string =>
    LETTERS.flatMap(([outcome, letter]) => {
      const count = of.get(vendor)?.get(kind)?.get(outcome);
      return count === undefined ? [] : `${count}${letter}`;
    }).join(' ') || '-';
  const head = Math.max(...kinds.map(({ length }) => length));
  const widths = vendors.map((vendor) =>
    Math.max(short(vendor).length, ...kinds.map((kind) => cell(vendor, kind).length)),
  );
  const line = (first: string, cells: readonly string[]) =>
    [first.padEnd(head), ...cells.map((text, index) => text.padStart(widths[index] ?? 0))].join('  ');
  const runs = [...of.values()].flatMap((tallied) => [...tallied.values()].flatMap((counts) => [...counts.values()]));
  return [
    line('', vendors.map(short)),
    ...kinds.map((kind) =>
      line(
        kind,
        vendors.map((vendor) => cell(vendor, kind)),
      ),
    ),
    `${runs.reduce((sum, count) => sum + count, 0)} runs; r right, f failed, p partial, w a figure disagrees and is shown, n noted in the row, p# shown by part number, u cannot be seen`,
  ].join('\n');
}

const short = (id: string): string => id.slice(0, 12);
