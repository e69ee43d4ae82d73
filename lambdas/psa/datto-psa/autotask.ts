import * as z from 'zod/mini';
import { type ErrorName, ReportError } from '../../report/errors.ts';
import type { Api } from '../../wire/api.ts';
import { maybe } from '../../wire/forms.ts';
import { byLink } from '../../wire/paging.ts';
import type { Call } from '../../wire/request.ts';
import type { Session } from '../../wire/session.ts';
import type { WireResponse } from '../../wire/transport.ts';
import type { Choice } from '../delivery/choose.ts';
import { name, Refusal, refusalOf } from './refusal.ts';
import { Zones } from './zones.ts';

/** The most rows of a page. */
const MOST_ROWS = 500;
const LONGEST_REFUSAL = 600;

const Fields = z.object({
  fields: z.array(
    z.object({
      name: z.string(),
      length: maybe(z.int()),
      picklistValues: maybe(
        z.array(
          z.object({
            value: z.pipe(z.union([z.string(), z.int()]), z.transform(String)),
            label: maybe(z.string()),
            isDefaultValue: maybe(z.boolean()),
            isActive: maybe(z.boolean()),
          }),
        ),
      ),
    }),
  ),
});

/** A field as this tenant has it. `choices` are the active values of its picklist, `preset` the default among them. */
export type Field = { length?: number; choices: readonly (Choice & { id: number })[]; preset?: number };

/** One condition of a query, or a group of them. */
export type Filter =
  | { op: string; field: string; value: string | number | boolean | readonly number[] }
  | { op: 'and' | 'or'; items: readonly Filter[] };

/** The API of Autotask. A refusal is an error with the name `refusedAs` and Autotask's own words. */
export class Autotask {
  readonly #api: Api;
  readonly #zones: Zones;
  readonly #words: (refusal: string) => string;
  readonly #refusedAs: ErrorName;

  constructor(
    api: Api,
    settings: { userName: string; zoneUrl?: string | undefined },
    session: Pick<Session, 'redactor'>,
    refusedAs: ErrorName = 'DeliveryError',
  ) {
    this.#api = api;
    this.#words = (refusal) => session.redactor.clean(refusal.replace(/\s+/gu, ' ').trim()).slice(0, LONGEST_REFUSAL);
    this.#zones = new Zones(api, settings, this.#words);
    this.#refusedAs = refusedAs;
  }

  /** The answer, which can be a refusal. */
  send(method: 'GET' | 'POST', path: string, call: Call = {}): Promise<WireResponse> {
    return this.#zones.inside((zone) => this.#api.send(method, at(zone, path), call));
  }

  /** Parses an answer of `send`. */
  parse<T>(answer: WireResponse, schema: z.ZodMiniType<T>, method: string, path: string): T {
    return this.#api.parse(answer, schema, method, path);
  }

  /** Errors: `refusedAs`. */
  async read<T>(method: 'GET' | 'POST', path: string, schema: z.ZodMiniType<T>, call: Call = {}): Promise<T> {
    const answer = await this.send(method, path, call);
    const refusal = refusalOf(answer);
    if (refusal !== undefined) throw this.#refused(`${method} ${path}`, refusal);
    return this.parse(answer, schema, method, path);
  }

  /** The rows of a list, page by page; the next page of a POST is a POST of the same body. Errors: as `read`. */
  async *list<R extends { id: number }>(
    method: 'GET' | 'POST',
    path: string,
    row: z.ZodMiniType<R>,
    call: Call = {},
  ): AsyncGenerator<R> {
    const before = await this.#zones.current();
    let begun = false;
    try {
      for await (const listed of this.#pages(before, method, path, row, call)) {
        begun = true;
        yield listed;
      }
    } catch (error) {
      if (begun) throw error;
      yield* this.#pages(await this.#zones.moved(before, error), method, path, row, call);
    }
  }

  query<R extends { id: number }>(
    entity: string,
    row: z.ZodMiniType<R>,
    fields: readonly string[],
    filter: readonly Filter[],
  ): AsyncGenerator<R> {
    const json = { MaxRecords: MOST_ROWS, IncludeFields: ['id', ...fields], filter };
    return this.list('POST', `${entity}/query`, row, { json });
  }

  /** The fields of an entity by name. */
  async fields(entity: string): Promise<ReadonlyMap<string, Field>> {
    const { fields } = await this.read('GET', `${entity}/entityInformation/fields`, Fields);
    return new Map(fields.map((field) => [field.name, fieldOf(field)]));
  }

  /** The address for people; ends in a slash. */
  webUrl(): Promise<string> {
    return this.#zones.webUrl();
  }

  #pages<R extends { id: number }>(
    zone: { url: string },
    method: 'GET' | 'POST',
    path: string,
    row: z.ZodMiniType<R>,
    call: Call,
  ): AsyncGenerator<R> {
    const details = z.object({ nextPageUrl: maybe(z.string()) });
    const page = z.union([
      Refusal,
      // Only a query always gives the next page; the children of one record come in one page.
      z.object({ items: z.array(row), pageDetails: method === 'GET' ? z.optional(details) : details }),
    ]);
    const rowsOf = (body: z.output<typeof page>): R[] => {
      if ('errors' in body) throw this.#refused(`${method} ${path}`, body.errors.join('; '));
      return body.items;
    };
    return this.#api.pages(
      at(zone, path),
      { ...call, method, list: path, page, rows: rowsOf, key: ({ id }) => id },
      byLink({ next: (body) => ('errors' in body ? undefined : body.pageDetails?.nextPageUrl) }),
    );
  }

  #refused(what: string, refusal: string): ReportError {
    return new ReportError(this.#refusedAs, `${name} refused ${what}: ${this.#words(refusal)}`);
  }
}

const at = ({ url }: { url: string }, path: string): string => `${url}V1.0/${path}`;

function fieldOf({ length, picklistValues }: z.output<typeof Fields>['fields'][number]): Field {
  const active = (picklistValues ?? []).filter(({ value, isActive }) => isActive !== false && /^-?\d+$/u.test(value));
  const preset = active.find(({ isDefaultValue }) => isDefaultValue === true);
  return {
    choices: active.map(({ value, label }) => ({ id: Number(value), name: label ?? value })),
    ...(typeof length === 'number' && length > 0 ? { length } : {}),
    ...(preset === undefined ? {} : { preset: Number(preset.value) }),
  };
}
