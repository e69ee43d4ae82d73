import { type Exchange, type JsonAnswer, rowsIn, type Spoil } from './fault-rig.ts';
import { at, changed, type Fault, serve } from './wire-faults.ts';

/** A field of an answer: of the body itself, or of its first row. */
export type Member = { path: readonly string[]; inRow: boolean; value: unknown };

const MOST_MEMBERS = 60;

/** Every field of an answer outside its rows, and every field of its first row. */
function membersOf(answer: JsonAnswer): Member[] {
  const rows = rowsIn(answer.body);
  const members: Member[] = [];
  const walk = (value: unknown, path: readonly string[], inRow: boolean): void => {
    if (path.length > 0) members.push({ path, inRow, value });
    if (typeof value !== 'object' || value === null) return;
    // The rows are walked only once, as rows.
    if (value === rows && !inRow) return;
    for (const [name, member] of Array.isArray(value) ? [['0', value[0]] as const] : Object.entries(value)) {
      if (member !== undefined) walk(member, [...path, name], inRow);
    }
  };
  walk(answer.body, [], false);
  if (rows[0] !== undefined) walk(rows[0], [], true);
  return members.slice(0, MOST_MEMBERS);
}

/** `everywhere`: on every page and, for a field of a row, in every row. */
type Change = { name: string; everywhere?: true; of: (value: unknown) => { to: unknown } | 'renamed' | undefined };

const isNumber = (value: unknown): value is number => typeof value === 'number';

const CHANGES: readonly Change[] = [
  { name: 'missing', of: () => ({ to: undefined }) },
  { name: 'missing everywhere', everywhere: true, of: () => ({ to: undefined }) },
  { name: 'null', of: (value) => (value === null ? undefined : { to: null }) },
  { name: 'null everywhere', everywhere: true, of: (value) => (value === null ? undefined : { to: null }) },
  { name: 'renamed', of: () => 'renamed' },
  { name: 'renamed everywhere', everywhere: true, of: () => 'renamed' },
  {
    name: 'another type',
    of: (value) =>
      value === null ? undefined : { to: typeof value === 'object' || typeof value === 'boolean' ? 'twelve' : {} },
  },
  { name: 'negative', of: (value) => (isNumber(value) ? { to: -(value === 0 ? 1 : value) } : undefined) },
  { name: 'not a number', of: (value) => (isNumber(value) ? { to: 'NaN' } : undefined) },
];

export type MemberFault = Fault & { kind: string; member: Member };

/** Each field of the exchange `here`, spoiled in each way. */
export function memberFaults(here: Exchange): MemberFault[] {
  return membersOf(here.answer).flatMap((member) =>
    CHANGES.flatMap((change): MemberFault[] => {
      const how = change.of(member.value);
      if (how === undefined) return [];
      // `oddities.ts` tests single odd rows; a renamed field of a row is the same as a missing one.
      if (member.inRow && (change.everywhere !== true || how === 'renamed')) return [];
      const place = `${member.inRow ? '[]' : ''}.${member.path.join('.')}`;
      return [
        {
          name: `${place} ${change.name}`,
          kind: change.name,
          member,
          // The vendor itself refuses a request that a wrong field led astray.
          errors: ['VendorContractError', 'VendorAuthError'],
          spoil: () => spoilMember(here, member, how, change.everywhere === true),
        },
      ];
    }),
  );
}

function spoilMember(
  here: Exchange,
  { path, inRow }: Member,
  how: { to: unknown } | 'renamed',
  everywhere: boolean,
): Spoil {
  const spoilt = <T>(value: T): T => {
    if (at(value, path.slice(0, -1)) === undefined) return value;
    if (how !== 'renamed') return changed(value, path, () => how.to);
    const old = at(value, path);
    const renamed = path.with(-1, `${path.at(-1)}_v2`);
    return old === undefined
      ? value
      : changed(
          changed(value, path, () => undefined),
          renamed,
          () => old,
        );
  };
  const body = (whole: unknown): unknown => {
    if (!inRow) return spoilt(whole);
    const rows = rowsIn(whole);
    rows.splice(0, everywhere ? rows.length : 1, ...rows.slice(0, everywhere ? rows.length : 1).map(spoilt));
    return whole;
  };
  return (now) => {
    const meant = now.list === here.list && (everywhere || now.signature === here.signature);
    return meant ? now.ask().then((answer) => serve({ ...answer, body: body(answer.body) })) : undefined;
  };
}
