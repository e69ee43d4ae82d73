import { ReportError } from '../report/errors.ts';
import { isRecord } from '../report/record.ts';
import type { GuessedRow } from './guessed-row.ts';

export { moreAnnounced } from '../wire/announced.ts';

/** A place inside an answer: member names joined by dots; the empty path is the answer itself. */
export type Path = string;

/** How many members a message names. */
const MEMBERS_NAMED = 12;

/**
 * The rows of a list whose envelope is not documented: the first of `paths` where there is an array of objects. An answer that
 * declares a total of 0 may leave the list out.
 * Errors: `VendorContractError` naming the members seen, never their values.
 */
export function rowsIn(answer: unknown, paths: readonly Path[], what: string, declared?: number): GuessedRow[] {
  const rows = paths.map((path) => at(answer, path)).find((value) => Array.isArray(value));
  if (Array.isArray(rows)) return rows.map((row, index) => rowOf(row, `${what}, row ${index + 1}`));
  if (declared === 0) return [];
  throw new ReportError(
    'VendorContractError',
    `${what}: no list at ${paths.map(named).join(' or ')} (${seen(answer)})`,
  );
}

/** The same rows. Errors: `VendorContractError` where two that differ carry one id: then it is no id, and one would be lost. */
export function refuseSharedIds(rows: GuessedRow[], idOf: (row: GuessedRow) => string, what: string): GuessedRow[] {
  const known = new Map<string, string>();
  for (const row of rows) {
    const id = idOf(row);
    const text = JSON.stringify(row);
    if ((known.get(id) ?? text) !== text) {
      throw new ReportError(
        'VendorContractError',
        `${what}: different rows carry the same id (members seen: ${Object.keys(row).join(', ')}); say in the configuration which member is the id`,
      );
    }
    known.set(id, text);
  }
  return rows;
}

/** The row without its blank texts: what says nothing must not stand in the way of another name of the same member. */
export const withoutBlanks = (row: GuessedRow): GuessedRow =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => !(typeof value === 'string' && value.trim() === '')));

/** The total that the answer declares at the first of `paths` that holds a number; undefined where none does. */
export function totalIn(answer: unknown, paths: readonly Path[]): number | undefined {
  for (const path of paths) {
    const value = at(answer, path);
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    if (typeof value === 'string' && /^\d+$/u.test(value)) return Number(value);
  }
  return undefined;
}

function at(answer: unknown, path: Path): unknown {
  let here = answer;
  for (const name of path === '' ? [] : path.split('.')) {
    if (!isRecord(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

function rowOf(row: unknown, what: string): GuessedRow {
  if (isRecord(row)) return row;
  throw new ReportError('VendorContractError', `${what}: expected an object, found ${kindOf(row)}`);
}

const named = (path: Path): string => (path === '' ? 'the top' : path);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

/** The members of the answer and, in brackets, those of its objects: enough to say in the configuration where the list is. */
function seen(answer: unknown): string {
  if (!isRecord(answer)) return `the answer is ${kindOf(answer)}`;
  const names = Object.entries(answer).map(([name, value]) =>
    isRecord(value) ? `${name} {${Object.keys(value).slice(0, MEMBERS_NAMED).join(', ')}}` : name,
  );
  return names.length === 0 ? 'it has no members' : `members seen: ${names.slice(0, MEMBERS_NAMED).join(', ')}`;
}
