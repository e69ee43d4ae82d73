import * as z from 'zod/mini';
import type { PsaProduct } from '../../billing/first-services.ts';
import { manageApi } from '../../psa/connectwise-psa/manage.ts';
import type { Api } from '../../wire/api.ts';

const Catalogue = z.array(
  z.object({
    id: z.int(),
    identifier: z.string(),
    description: z.optional(z.nullable(z.string())),
    inactiveFlag: z.optional(z.nullable(z.boolean())),
  }),
);

/** The active products of the catalogue, as additions name them. Errors: those of the request path. */
export async function* catalogue(
  api: Api,
  { siteUrl, companyId }: { siteUrl: string; companyId: string },
): AsyncGenerator<PsaProduct> {
  const query = { conditions: 'inactiveFlag=false', fields: 'id,identifier,description,inactiveFlag' };
  for await (const product of manageApi(api, siteUrl, companyId).list('/procurement/catalog', Catalogue, query)) {
    const { id, identifier, description, inactiveFlag } = product;
    if (inactiveFlag !== true) yield { id: String(id), code: identifier, name: description ?? identifier };
  }
}
