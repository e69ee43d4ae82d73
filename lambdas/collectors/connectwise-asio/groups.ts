import * as z from 'zod/mini';
import { isRecord } from '../../report/record.ts';
import type { ListPaging } from '../../wire/list-paging.ts';
import { list } from '../../wire/lists.ts';
import { nextLink, type Paging } from '../../wire/paging.ts';
import { kindOf, membersOf } from '../../wire/place.ts';
import { RefusedAnswer } from '../../wire/refused-answer.ts';
import { endpoint, spelled } from './endpoints.ts';
import { isNothing, saysNothing } from './sentence.ts';

const PAGE_SIZE = 500;
const QUERY = { limit: PAGE_SIZE, field: 'endpointType,resourceType,subResourceType,type,os' };

/**
 * The Link header gives the next page; without one, a page that is not full is the last, and the cursor counts devices.
 */
const byCursor: Paging<unknown> = {
  first: { ...QUERY, cursor: 0 },
  step: ({ body, headers, keys, received }) => {
    if (saysNothing(body)) return { end: 'nothing found there' };
    const url = nextLink(headers);
    if (url !== undefined) return { next: { url } };
    if (keys.length < PAGE_SIZE) return { end: 'a page that is not full, without a next link' };
    return { next: { query: { ...QUERY, cursor: received } } };
  },
};

const Groups = z.array(z.looseObject({}));

/** The documented categories: each is a list, empty if it has no devices. */
const CATEGORIES = ['platform', 'network', 'cloud'];

/** Devices come in groups, one per company and site, and in categories, whose names are not all known. */
const categoriesOf = (answer: unknown): [category: string, groups: unknown][] =>
  isRecord(answer) ? Object.entries(answer).filter(([, groups]) => Array.isArray(groups)) : [];

const envelope = z.unknown().check(({ value, issues }) => {
  const categories = categoriesOf(value);
  if (categories.length === 0 && !saysNothing(value)) {
    const seen = isRecord(value) ? Object.keys(value).join(', ') : 'none';
    issues.push({ code: 'custom', input: value, message: `expected lists of groups (fields seen: ${seen})` });
  }
  for (const category of CATEGORIES) {
    const groups = isRecord(value) ? value[category] : undefined;
    if (groups === undefined || Array.isArray(groups)) continue;
    const message = `expected a list of groups, found ${kindOf(groups)}`;
    issues.push({ code: 'custom', input: value, path: [category], message });
  }
  for (const [category, groups] of categories) {
    const faults = z.safeParse(Groups, groups).error?.issues ?? [];
    for (const { path, message } of faults) {
      issues.push({ code: 'custom', input: groups, path: [category, ...path], message });
    }
  }
});

/**
 * The devices of all groups, each with the company and site of its group. Errors: `RefusedAnswer` for a group without a
 * list, so that each company is requested alone, and only the one concerned fails.
 */
function* devicesIn(answer: unknown): Generator<unknown> {
  for (const [category, groups] of categoriesOf(answer)) {
    for (const group of z.safeParse(Groups, groups).data ?? []) {
      const { endpoints } = group;
      if (!Array.isArray(endpoints)) throw withoutDevices(category, group);
      for (const raw of endpoints) yield deviceOf(raw, spelled(group) ?? {}, category);
    }
  }
}

const withoutDevices = (category: string, group: Readonly<Record<string, unknown>>): RefusedAnswer =>
  new RefusedAnswer(
    'VendorContractError',
    `ConnectWise Asio: a group of ${category} devices has no list of endpoints, found ${kindOf(group.endpoints)} ` +
      `(fields seen: ${membersOf(group)})`,
    200,
  );

function deviceOf(raw: unknown, { clientId, siteId }: Record<string, unknown>, category: string): unknown {
  const device = spelled(raw);
  if (device === undefined) return raw;
  return {
    ...device,
    clientId: clientId ?? device.clientId,
    siteId: siteId ?? device.siteId,
    // Network devices have their own category and need no type.
    ...(category === 'network' && !device.endpointType ? { endpointType: 'NetworkDevice' } : {}),
  };
}

const grouped: ListPaging = { at: 'endpoints', envelope, rowsOf: (answer) => [...devicesIn(answer)], paging: byCursor };

/** The devices of up to four companies (version 2). Its document says POST; some live tenants take GET with a body. */
export const endpointsByCompany = list('/api/platform/v2/device/categories/all/endpoints', endpoint, grouped, {
  key: 'endpointId',
  method: 'POST',
  acceptWhere: isNothing,
});
