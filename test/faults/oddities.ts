import type { Exchange, Rig, Spoil } from './fault-rig.ts';
import { at, serve } from './wire-faults.ts';

type Path = readonly string[];

/** A row of an answer. `about`: the customers whose ids it holds; if it holds none, those of its request. */
type Row = { name: string; exchange: Exchange; path: Path; raw: unknown; about: readonly string[] };

/** One row with something odd at `path`: one of its fields or (`member` is empty) the whole row. */
export type Oddity = Omit<Row, 'raw'> & {
  kind: string;
  member: Path;
  value: unknown;
  to: unknown;
  /** It is an id by which the row can name its customer: without it, the row's customer is not known. */
  isName: boolean;
};

const isText = (value: unknown): value is string => typeof value === 'string';
const isFilled = (value: unknown): value is string => isText(value) && value.trim() !== '';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isDate = (value: unknown): boolean => isText(value) && /^\d{4}-\d{2}-\d{2}/u.test(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a field can hold instead. Some changes turn an id into another valid id. */
const CHANGES: readonly { kind: string; mayBeId?: true; of: (value: unknown) => { to: unknown } | undefined }[] = [
  { kind: 'missing', of: () => ({ to: undefined }) },
  { kind: 'null', of: (value) => (value === null ? undefined : { to: null }) },
  { kind: 'another type', of: (value) => ({ to: isObject(value) ? 'twelve' : {} }) },
  { kind: 'negative', mayBeId: true, of: (value) => (isNumber(value) ? { to: -(value || 1) } : undefined) },
  { kind: 'a fraction', of: (value) => (isNumber(value) ? { to: value + 0.5 } : undefined) },
  { kind: 'beyond 2^53', of: (value) => (isNumber(value) ? { to: 2 ** 53 + 2 } : undefined) },
  { kind: 'a number as text', mayBeId: true, of: (value) => (isNumber(value) ? { to: String(value) } : undefined) },
  { kind: 'not a number', mayBeId: true, of: (value) => (isNumber(value) ? { to: 'NaN' } : undefined) },
  { kind: 'neither yes nor no', of: (value) => (typeof value === 'boolean' ? { to: 'perhaps' } : undefined) },
  { kind: 'an unknown word', mayBeId: true, of: (value) => (isFilled(value) ? { to: 'Zzqx' } : undefined) },
  { kind: 'blank', of: (value) => (isText(value) ? { to: ' ' } : undefined) },
  { kind: 'in lower case', mayBeId: true, of: (value) => (isFilled(value) ? { to: value.toLowerCase() } : undefined) },
  { kind: 'with blanks around it', of: (value) => (isFilled(value) ? { to: ` ${value} ` } : undefined) },
  { kind: 'never set', of: (value) => (isDate(value) ? { to: '0001-01-01T00:00:00' } : undefined) },
];

/** What there can be instead of a row. */
const ROWS: readonly { kind: string; to: unknown }[] = [
  { kind: 'a null row', to: null },
  { kind: 'a row that is a text', to: 'x' },
  { kind: 'a row that is -1', to: -1 },
  { kind: 'a row without members', to: {} },
];

/** Each field of the rows of each list, odd in each way, in another customer's row each time. */
export function odditiesOf(rig: Rig): Oddity[] {
  const idsIn = idsOf(rig);
  const lists = Map.groupBy(rowsOf(rig), ({ name }) => name);
  return [...lists.values()].flatMap((rows) => {
    let turn = 0;
    const inTurn = (has: (row: Row) => boolean): Row[] => {
      const fitting = rows.filter(has);
      turn += 1;
      return fitting.slice(turn % fitting.length).slice(0, 1);
    };
    const members = new Map(rows.flatMap(({ raw }) => membersOf(raw)).map((member) => [member.join('.'), member]));
    const ofMembers = [...members].flatMap(([name, member]) =>
      CHANGES.flatMap(({ kind, of, mayBeId }) =>
        inTurn(({ raw }) => hasMember(raw, member) && of(at(raw, member)) !== undefined).flatMap((row): Oddity[] => {
          const value = at(row.raw, member);
          const isName = idsIn(value).length > 0 || /id$/iu.test(name);
          if (isName && mayBeId) return [];
          const place = { path: [...row.path, ...member], name: `${row.name}.${name} ${kind}` };
          return [{ ...row, ...place, kind, member, value, to: of(value)?.to, isName }];
        }),
      ),
    );
    const whole = ROWS.flatMap(({ kind, to }) =>
      inTurn(() => true).map((row): Oddity => {
        const about = askedFor(rig, row.exchange);
        const place = { name: `${row.name} ${kind}`, member: [], value: row.raw };
        return { ...row, ...place, kind, to, about, isName: about.length !== 1 };
      }),
    );
    return [...ofMembers, ...whole];
  });
}

/** As few runs as possible: no two oddities of one customer in a run, and one that can fail the whole vendor alone. */
export function packed(oddities: readonly Oddity[]): Oddity[][] {
  const alone = ({ isName, about }: Oddity): boolean => isName || about.length === 0;
  const runs: Oddity[][] = [];
  for (const oddity of oddities.filter((candidate) => !alone(candidate))) {
    const free = runs.find((run) => !run.some((other) => other.about.some((id) => oddity.about.includes(id))));
    if (free === undefined) runs.push([oddity]);
    else free.push(oddity);
  }
  return [...oddities.filter(alone).map((oddity) => [oddity]), ...runs];
}

/** Puts all oddities into one run. */
export const together =
  (oddities: readonly Oddity[]): Spoil =>
  ({ list, signature, ask }) => {
    const here = oddities.filter(({ exchange }) => exchange.list === list && exchange.signature === signature);
    if (here.length === 0) return undefined;
    return ask().then((answer) => {
      const copy = structuredClone(answer);
      for (const { path, to } of here) put(copy.body, path, to);
      return serve(copy);
    });
  };

function put(body: unknown, path: Path, to: unknown): void {
  const [last, parent] = [path.at(-1), at(body, path.slice(0, -1))];
  if (last === undefined || typeof parent !== 'object' || parent === null) return;
  if (to === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, to);
}

/** The customers whose ids a value holds. */
function idsOf({ clean: { collection } }: Rig): (value: unknown) => string[] {
  const ids = new Map(
    collection.customers.flatMap(({ id, aliases }) =>
      [id, ...aliases].map((spelling) => [spelling.toLowerCase(), id] as const),
    ),
  );
  return function idsIn(value): string[] {
    if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(idsIn);
    const id =
      isText(value) || isNumber(value) ? ids.get(String(value).toLowerCase().replace(/^.*\//u, '')) : undefined;
    return id === undefined ? [] : [id];
  };
}

/** The rows of all lists, including lists inside rows, named by list and index. */
function rowsOf(rig: Rig): Row[] {
  const idsIn = idsOf(rig);
  return rig.lists().flatMap(([list, exchanges]) =>
    exchanges.flatMap((exchange) =>
      [...rowsIn(exchange.answer.body)].map(([path, raw]) => {
        const ids = idsIn(raw);
        const name = `${list} ${path.map((step) => (/^\d+$/u.test(step) ? '*' : step)).join('.')}`;
        return { name, exchange, path, raw, about: ids.length > 0 ? ids : askedFor(rig, exchange) };
      }),
    ),
  );
}

function* rowsIn(value: unknown, path: Path = []): Generator<[Path, unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (Array.isArray(value) && isObject(inner)) yield [[...path, name], inner];
    yield* rowsIn(inner, [...path, name]);
  }
}

/** The customers whose ids a request, or the request for its token, holds. */
function askedFor(rig: Rig, { signature, request }: Exchange): string[] {
  const [, token] = /^Bearer (.+)$/u.exec(request.headers.authorization ?? '') ?? [];
  const issuer =
    token === undefined
      ? undefined
      : rig.clean.exchanges.find(({ answer }) => JSON.stringify(answer.body).includes(token));
  const asked = `${signature} ${issuer?.signature ?? ''}`.toLowerCase().replace(/%[0-9a-f]{2}/gu, ' ');
  const parts = new Set(asked.split(/[^\w.@-]+/u));
  const isAsked = (id: string): boolean => parts.has(id.toLowerCase()) && !/^\d{1,3}$/u.test(id);
  const counted = rig.clean.collection.customers.filter(({ state }) => state !== 'excluded');
  return counted.filter(({ id, aliases }) => [id, ...aliases].some(isAsked)).map(({ id }) => id);
}

/** The fields of a row, including those of nested objects. */
function membersOf(row: unknown, path: Path = []): Path[] {
  return isObject(row)
    ? Object.entries(row).flatMap(([name, value]) => [[...path, name], ...membersOf(value, [...path, name])])
    : [];
}

function hasMember(row: unknown, member: Path): boolean {
  const parent = at(row, member.slice(0, -1));
  return isObject(parent) && Object.hasOwn(parent, member.at(-1) ?? '');
}
