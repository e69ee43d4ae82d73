import { answerOf, ask } from './answer.ts';
import type { Server } from './vendor.ts';

export type Asked = {
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
};

/** Sends requests straight to one server, for the servers' own tests. */
export function client(server: Server) {
  return async (url: string, { method, headers = {}, json, form }: Asked = {}) => {
    const { hostname, pathname, searchParams } = new URL(url);
    const body =
      json !== undefined ? JSON.stringify(json) : form !== undefined ? String(new URLSearchParams(form)) : '';
    const type = json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    const response = await ask(server, {
      method: method ?? (body === '' ? 'GET' : 'POST'),
      host: hostname,
      path: pathname,
      query: searchParams,
      headers: { ...(body === '' ? {} : { 'content-type': type }), ...headers },
      body: Buffer.from(body),
    });
    const answer = answerOf(response);
    const text = Buffer.from(answer.body).toString('utf8');
    const isJson = (answer.headers['content-type'] ?? '').includes('json');
    const content: unknown = isJson ? JSON.parse(text) : text;
    return { status: answer.status, headers: answer.headers, body: content };
  };
}

/** What lies at `path` inside a JSON value; undefined if there is nothing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = new Map<string, unknown>(Object.entries(here)).get(String(step));
  }
  return here;
}

/** The list at `path`. Errors: where there is none. */
export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const items = at(value, ...path);
  if (!Array.isArray(items)) throw new Error(`no list at ${path.join('.')}: ${JSON.stringify(value).slice(0, 200)}`);
  return items;
}
