import * as z from 'zod/mini';
import type { PsaProduct } from '../../billing/first-services.ts';
import { manageApi } from '../../psa/connectwise-psa/manage.ts';
import type { Api } from '../../wire/api.ts';
import { fieldsOf } from './shapes.ts';

const text = z.optional(z.nullable(z.string()));

const Catalogue = z.array(
  z.object({
    id: z.int(),
    identifier: z.string(),
    description: text,
    vendorSku: text,
    manufacturerPartNumber: text,
    integrationXRef: text,
    inactiveFlag: z.optional(z.nullable(z.boolean())),
  }),
);

/** The active products of the catalogue, by the names that additions use. Errors: those of the request path. */
export async function* catalogue(
  api: Api,
  { siteUrl, companyId }: { siteUrl: string; companyId: string },
): AsyncGenerator<PsaProduct> {
  const query = { conditions: 'inactiveFlag=false', fields: fieldsOf(Catalogue) };
  for await (const product of manageApi(api, siteUrl, companyId).list('/procurement/catalog', Catalogue, query)) {
    const { id, identifier, description, vendorSku, manufacturerPartNumber, integrationXRef, inactiveFlag } = product;
    if (inactiveFlag === true) continue;
    const skus = [vendorSku, manufacturerPartNumber, integrationXRef].flatMap((sku) =>
      sku == null || sku === '' ? [] : sku,
    );
    yield { id: String(id), code: identifier, name: description ?? identifier, ...(skus.length === 0 ? {} : { skus }) };
  }
}
