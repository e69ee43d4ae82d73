import * as z from 'zod/mini';
import type { PsaCompany } from '../../lambdas/psa/delivery/operations.ts';
import type { Organization } from '../../lambdas/report/organization.ts';

export type Mapping = {
  /** Content of organizations.json: existing entries, unchanged and in their order, then the new ones. */
  file: { organizations: unknown[] };
  /** Companies that are already mapped. */
  mapped: number;
  added: PsaCompany[];
  /** Added companies with the name of an existing organization that they are not mapped to. */
  namesakes: PsaCompany[];
  /** Ids of organizations that the PSA does not list as active. */
  unlisted: { organization: string; id: string }[];
};

/** What exists already: the file's content (undefined if there is none), and the organizations read from it. */
export type Given = { file: unknown; organizations: readonly Organization[] };

const File = z.object({ organizations: z.array(z.unknown()) });

/**
 * Maps a PSA's companies to organizations by the PSA's own ids, never by name: two companies with one name are two, and
 * a renamed one is still the same. Existing entries are neither changed nor removed.
 */
export function mappingOf(
  psa: string,
  companies: readonly PsaCompany[],
  { file, organizations }: Given,
  managing: { id: string; name: string },
): Mapping {
  const claimed = new Set(organizations.flatMap(({ integrationIds }) => integrationIds.get(psa) ?? []));
  const listed = new Set(companies.map(({ id }) => id));
  const added = companies.filter(({ id }) => !claimed.has(id));
  const isThere = organizations.some(({ id }) => id === managing.id);
  const taken = new Set([...organizations.map(({ id }) => id), managing.id]);
  const names = new Set([...organizations, managing].map(({ name }) => plain(name)));
  return {
    file: {
      organizations: [
        ...(file === undefined ? [] : z.parse(File, file).organizations),
        ...(isThere ? [] : [{ ...managing, enabled: true, integrationIds: {} }]),
        ...added.map(({ id, name }) => ({
          id: freeId(name, id, taken),
          name: name.trim() === '' ? `Company ${id}` : name,
          enabled: true,
          integrationIds: { [psa]: id },
        })),
      ],
    },
    mapped: companies.length - added.length,
    added,
    namesakes: added.filter(({ name }) => names.has(plain(name))),
    unlisted: organizations.flatMap(({ name, integrationIds }) =>
      (integrationIds.get(psa) ?? []).filter((id) => !listed.has(id)).map((id) => ({ organization: name, id })),
    ),
  };
}

const plain = (name: string): string => name.trim().toLowerCase();

/** A readable id: the name in plain letters; empty if it has none. */
export const readableId = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-|-$/gu, '');

/** A readable id that is not in use; if the name's is, the PSA's id is appended. */
function freeId(name: string, companyId: string, taken: Set<string>): string {
  const wanted = readableId(name) || readableId(`company ${companyId}`);
  const withNumber = `${wanted}-${readableId(companyId)}`;
  let id = taken.has(wanted) ? withNumber : wanted;
  for (let more = 2; taken.has(id); more += 1) id = `${withNumber}-${more}`;
  taken.add(id);
  return id;
}
