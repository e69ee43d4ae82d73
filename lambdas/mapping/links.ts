import * as z from 'zod/mini';
import type { Account } from './clientele.ts';

/** An entry to add to organizations.json. */
export type Link = { integration: string; customer: string; company: string };
/** A company that has nothing at a vendor. */
export type Nothing = { integration: string; company: string };

const Members = z.record(z.string(), z.unknown());
const Entry = z.looseObject({ id: z.string(), integrationIds: z.optional(Members) });
const File = z.looseObject({ organizations: z.array(z.unknown()) });

/**
 * organizations.json with the links added. Existing entries stay unchanged and in their order; a company that the file
 * does not contain yet (the managing organization) comes last.
 */
export function withLinks(
  file: unknown,
  { links, nothings = [] }: { links: readonly Link[]; nothings?: readonly Nothing[] },
  managing: { id: string; name: string },
): { organizations: unknown[] } {
  const { organizations } = file === undefined ? { organizations: [] } : z.parse(File, file);
  const isThere = organizations.some((each) => idOf(each) === managing.id);
  const isNeeded = [...links, ...nothings].some(({ company }) => company === managing.id);
  const all = isThere || !isNeeded ? organizations : [...organizations, { ...managing, integrationIds: {} }];
  return {
    organizations: all.map((each) => {
      const entry = z.safeParse(Entry, each);
      if (!entry.success) return each;
      const { id, integrationIds = {} } = entry.data;
      const mine = links.filter(({ company }) => company === id);
      const none = nothings.filter(
        ({ company, integration }) => company === id && !Object.hasOwn(integrationIds, integration),
      );
      if (mine.length === 0 && none.length === 0) return each;
      const ids = new Map(Object.entries(integrationIds));
      for (const { integration } of none) ids.set(integration, []);
      for (const { integration, customer } of mine) ids.set(integration, joined(ids.get(integration), customer));
      return { ...z.parse(Members, each), integrationIds: Object.fromEntries(ids) };
    }),
  };
}

export const linkOf = ({ integration, id }: Account, company: string): Link => ({ integration, customer: id, company });

const idOf = (each: unknown): unknown => z.safeParse(Entry, each).data?.id;

/** A single id as text, several as a list, as people write them. */
function joined(given: unknown, id: string): unknown {
  const ids: unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  if (ids.length === 0) return id;
  return ids.some((each) => String(each) === id) ? given : [...ids, id];
}
