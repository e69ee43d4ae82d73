import * as z from 'zod/mini';
import type { VendorApi } from '../../counting/vendor-api.ts';
import { trimmed } from '../../wire/forms.ts';

const Product = z.object({
  name: trimmed,
  sku: trimmed,
});

type Named = { productId: string; productName?: string | null | undefined };

/** The name of a subscription's product. If the list lacks it, the product is read once. */
export function productNames(api: VendorApi): (row: Named) => Promise<string> {
  const names = new Map<string, string>();
  return async ({ productId, productName }) => {
    const name = productName || names.get(productId);
    if (name) return name;
    const path = `/products/${encodeURIComponent(productId)}`;
    // A discontinued product can be missing in the catalogue; its seats are still billed.
    const answer = await api.send('GET', path, { accept: [404] });
    const product = answer.status === 404 ? undefined : api.parse(answer, Product, 'GET', path);
    const title = product?.name || product?.sku || productId;
    names.set(productId, title);
    return title;
  };
}
