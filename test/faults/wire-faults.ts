import type { ErrorName } from '../../lambdas/report/errors.ts';
import type { SandboxResponse } from '../sandbox/vendor.ts';
import { type Exchange, FOREIGN_HOST, type JsonAnswer, rowsIn, type Spoil } from './fault-rig.ts';

/** A way in which answers go wrong, and the errors that fit it. */
export type Fault = {
  name: string;
  errors: readonly ErrorName[];
  /** Spoils a run at the exchange `at`; `list` is the whole list in the clean run. Undefined if it does not apply. */
  spoil: (at: Exchange, list: readonly Exchange[]) => Spoil | undefined;
};

const UNAVAILABLE: readonly ErrorName[] = ['VendorUnavailableError'];
const LIMITED: readonly ErrorName[] = ['VendorRateLimitError'];
/** A token endpoint's unreadable refusal may be a `VendorContractError`. */
const REFUSED: readonly ErrorName[] = ['VendorAuthError', 'VendorContractError'];
const CONTRACT: readonly ErrorName[] = ['VendorContractError'];

type Way = (answer: () => Promise<JsonAnswer>) => Promise<SandboxResponse> | SandboxResponse;

const once = (name: string, errors: readonly ErrorName[], way: Way): Fault => ({
  name: `${name}, once`,
  errors,
  spoil: (at) => (now) => (now.list === at.list && now.index === at.index ? way(now.ask) : undefined),
});

const forEver = (name: string, errors: readonly ErrorName[], way: Way): Fault => ({
  name: `${name}, for ever`,
  errors,
  spoil: (at) => (now) => (now.list === at.list && now.index >= at.index ? way(now.ask) : undefined),
});

/** Every time this very request is made. */
const always = (
  name: string,
  change: (at: Exchange, list: readonly Exchange[]) => ((answer: JsonAnswer) => JsonAnswer) | undefined,
): Fault => ({
  name,
  errors: CONTRACT,
  spoil: (at, list) => {
    const changed = change(at, list);
    return (
      changed &&
      ((now) => (now.list === at.list && now.signature === at.signature ? served(now.ask, changed) : undefined))
    );
  },
});

export const serve = ({ status, headers, body }: JsonAnswer): SandboxResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const served = async (ask: () => Promise<JsonAnswer>, change: (answer: JsonAnswer) => JsonAnswer) =>
  serve(change(await ask()));

const both = (name: string, errors: readonly ErrorName[], way: Way): Fault[] => [
  once(name, errors, way),
  forEver(name, errors, way),
];

const json = { 'content-type': 'application/json' };

const limited =
  (headers: Record<string, string>): Way =>
  () => ({ status: 429, headers, body: 'slow down' });

/** A date on the virtual clock, just after it begins. */
const SOON = new Date(Date.UTC(2026, 10, 22, 6, 31)).toUTCString();

const acted =
  (answer: SandboxResponse): Way =>
  async (ask) => {
    await ask();
    return answer;
  };

const bytesOf = (body: unknown): Uint8Array => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));

export const WIRE_FAULTS: readonly Fault[] = [
  ...both('connection refused', UNAVAILABLE, () => ({ status: 0, fault: 'refuse' })),
  ...both('no such host', UNAVAILABLE, () => ({ status: 0, fault: 'dns' })),
  ...both('reset before the answer', UNAVAILABLE, acted({ status: 0, fault: 'reset' })),
  ...both('reset in the body', UNAVAILABLE, acted({ status: 0, fault: 'reset-in-body' })),
  ...both('silence', UNAVAILABLE, acted({ status: 0, fault: 'silence' })),
  once('429, Retry-After in seconds', LIMITED, limited({ 'retry-after': '7' })),
  once('429, Retry-After as a date', LIMITED, limited({ 'retry-after': SOON })),
  ...both('429 without Retry-After', LIMITED, limited({})),
  once('429, absurdly long', LIMITED, limited({ 'retry-after': '90000' })),
  ...both('500', UNAVAILABLE, () => ({ status: 500, body: 'oops' })),
  ...both('503', UNAVAILABLE, () => ({ status: 503, body: 'busy' })),
  ...both('401', REFUSED, () => ({ status: 401, body: { message: 'expired' } })),
  ...both('403', REFUSED, () => ({ status: 403, body: { message: 'denied' } })),
  once('200 with HTML', CONTRACT, () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>Sign in</title>',
  })),
  once('200, empty', CONTRACT, () => ({ status: 200, headers: json, body: '' })),
  once('200, {}', CONTRACT, () => ({ status: 200, body: {} })),
  once('200, []', CONTRACT, () => ({ status: 200, body: [] })),
  once('truncated JSON', CONTRACT, async (ask) => {
    const { status, headers, body } = await ask();
    const bytes = bytesOf(body);
    return { status, headers, body: bytes.subarray(0, Math.ceil(bytes.length * 0.7)) };
  }),
  once('bytes of another charset', CONTRACT, async (ask) => {
    const { status, body } = await ask();
    return { status, headers: json, body: Buffer.from(JSON.stringify(body).replace(/[a-z]{3}/u, 'é'), 'utf16le') };
  }),
  once('a charset that is not true', CONTRACT, async (ask) => {
    const { status, body } = await ask();
    return { status, headers: { 'content-type': 'application/json; charset=utf-16' }, body: bytesOf(body) };
  }),
];

/** Where an answer holds the cursor: values that the next request has and this one did not. */
function cursorPaths(at: Exchange, next: Exchange | undefined): string[][] {
  if (next === undefined) return [];
  const [here, there] = [decodeURIComponent(at.signature), decodeURIComponent(next.signature)];
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value) && value.length > 0 && typeof value[0] === 'object') return;
      for (const [name, member] of Object.entries(value)) walk(member, [...path, name]);
      return;
    }
    if (typeof value !== 'string' || value.length < 3) return;
    if (/^https?:/u.test(value)) {
      if (decodeURIComponent(value).includes('?')) paths.push(path);
    } else if (there.includes(value) && !here.includes(value)) paths.push(path);
  };
  walk(at.answer.body, []);
  return paths;
}

export const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );

/**
 * `body` with what `change` makes of the value at `path`; undefined from `change` removes it. Only objects on the path
 * are copied.
 */
export function changed<T>(body: T, [name, ...rest]: readonly string[], change: (old: unknown) => unknown): T {
  if (name === undefined || typeof body !== 'object' || body === null) return body;
  const old: unknown = Reflect.get(body, name);
  if (rest.length > 0 && (typeof old !== 'object' || old === null)) return body;
  // Copied with its length: a removed element leaves a hole.
  const copy = Object.assign(Array.isArray(body) ? new Array<unknown>(body.length) : {}, body);
  const value = rest.length > 0 ? changed(old, rest, change) : change(old);
  if (value === undefined) Reflect.deleteProperty(copy, name);
  else Reflect.set(copy, name, value);
  return copy;
}

/** Changes the rows of an answer in place: each `ask` returns a new answer. */
const withRows = (answer: JsonAnswer, change: (rows: Record<string, unknown>[]) => void): JsonAnswer => {
  change(rowsIn(answer.body));
  return answer;
};

/** Several pages of one list: not the same request for several customers, nor the same path for each of them. */
const isPaged = (list: readonly Exchange[]): boolean =>
  new Set(list.map(({ series }) => series)).size === 1 &&
  new Set(list.map(({ signature }) => signature)).size === list.length &&
  list.filter(({ answer }) => rowsIn(answer.body).length > 0).length > 1;

/** Numbers outside the rows that state how many there are. */
function totalPaths(answer: JsonAnswer, what: RegExp): string[][] {
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value === 'number' && what.test(path.at(-1) ?? '')) paths.push(path);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [name, member] of Object.entries(value)) walk(member, [...path, name]);
  };
  walk(answer.body, []);
  return paths;
}

/** Vendors' names for the number of rows, and of pages. */
const ROWS = /^(?!.*page).*(total|count)|^total.*items$/iu;
const PAGES = /page/iu;

const totalOff = (what: RegExp, whose: string, by: number): Fault => ({
  name: `the declared number of ${whose} off by ${by > 0 ? '+' : ''}${by}`,
  errors: CONTRACT,
  spoil: (first, list) => {
    const paths = totalPaths(first.answer, what);
    if (first.index !== 0 || paths.length === 0 || rowsIn(first.answer.body).length === 0) return undefined;
    const shift = (body: unknown) =>
      paths.reduce((inner, path) => changed(inner, path, (old) => (typeof old === 'number' ? old + by : old)), body);
    return (now) =>
      now.list === list[0]?.list ? served(now.ask, (answer) => ({ ...answer, body: shift(answer.body) })) : undefined;
  },
});

const elsewhere = (text: string): string =>
  text.replace(/^(https?:\/\/)?[a-z0-9-]+(\.[a-z0-9-]+)+/iu, `$1${FOREIGN_HOST}`);

export const PAGE_FAULTS: readonly Fault[] = [
  always('a page repeated', ({ index }, list) => {
    const before = list[index - 1]?.answer;
    return isPaged(list) && before !== undefined && rowsIn(before.body).length > 0
      ? (answer) => ({ ...answer, body: before.body })
      : undefined;
  }),
  always('rows of the page before', ({ index }, list) => {
    const before = rowsIn(list[index - 1]?.answer.body);
    return isPaged(list) && before.length > 0
      ? (answer) => withRows(answer, (rows) => rows.splice(0, before.length, ...structuredClone(before)))
      : undefined;
  }),
  always('a page dropped', ({ index }, list) => {
    const after = list[index + 1]?.answer;
    return isPaged(list) && after !== undefined && rowsIn(after.body).length > 0
      ? (answer) => ({ ...answer, body: after.body })
      : undefined;
  }),
  always('a row dropped', (exchange) =>
    rowsIn(exchange.answer.body).length > 1 ? (answer) => withRows(answer, (rows) => rows.splice(0, 1)) : undefined,
  ),
  always('no rows', (exchange) =>
    rowsIn(exchange.answer.body).length > 0
      ? (answer) => withRows(answer, (rows) => rows.splice(0, rows.length))
      : undefined,
  ),
  always('a row twice', (exchange) =>
    rowsIn(exchange.answer.body).length > 0
      ? (answer) => withRows(answer, (rows) => rows.push(structuredClone(rows[0] ?? {})))
      : undefined,
  ),
  {
    name: 'rows change while being read',
    errors: CONTRACT,
    // A row of an earlier page is deleted at the vendor: later rows move up, and the total falls by one.
    spoil: (here, list) => {
      if (!isPaged(list) || here.index === 0 || rowsIn(here.answer.body).length < 2) return undefined;
      return (now) => {
        if (now.list !== here.list || now.index < here.index || now.index >= list.length) return undefined;
        return served(now.ask, (answer) => {
          const lowered = totalPaths(answer, ROWS).reduce(
            (body, path) => changed(body, path, (old) => Number(old) - 1),
            answer.body,
          );
          const moved = { ...answer, body: lowered };
          return now.index === here.index ? withRows(moved, (rows) => rows.splice(0, 1)) : moved;
        });
      };
    },
  },
  always('a cursor that loops', (here, list) => {
    const [path] = cursorPaths(here, list[here.index + 1]);
    const before = list[here.index - 1];
    const back = path === undefined || before === undefined ? undefined : at(before.answer.body, path);
    return path === undefined || back === undefined
      ? undefined
      : (answer) => ({ ...answer, body: changed(answer.body, path, () => back) });
  }),
  totalOff(ROWS, 'rows', 1),
  totalOff(ROWS, 'rows', -1),
  totalOff(PAGES, 'pages', 1),
  totalOff(PAGES, 'pages', -1),
  always('a link to another host', (here) => {
    const hosts: string[][] = [];
    const walk = (value: unknown, path: string[]): void => {
      if (
        typeof value === 'string' &&
        new RegExp(`^(https?://)?[a-z0-9.-]*${domainOf(here.request.host)}`, 'iu').test(value)
      )
        hosts.push(path);
      if (typeof value === 'object' && value !== null)
        for (const [name, member] of Object.entries(value)) walk(member, [...path, name]);
    };
    walk(here.answer.body, []);
    const { link } = here.answer.headers;
    if (hosts.length === 0 && link === undefined) return undefined;
    return (answer) => ({
      ...answer,
      headers:
        link === undefined
          ? answer.headers
          : { ...answer.headers, link: link.replaceAll(here.request.host, FOREIGN_HOST) },
      body: hosts.reduce(
        (body, path) => changed(body, path, (old) => (typeof old === 'string' ? elsewhere(old) : old)),
        answer.body,
      ),
    });
  }),
  {
    name: 'a redirect to another host',
    errors: CONTRACT,
    spoil: (here) => (now) =>
      now.list === here.list && now.index === here.index
        ? { status: 302, headers: { location: `https://${FOREIGN_HOST}/x` }, body: '' }
        : undefined,
  },
];

const domainOf = (host: string): string => host.split('.').slice(-2).join('\\.');
