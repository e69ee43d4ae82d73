import { ReportError } from '../report/errors.ts';
import type { Service } from './configuration.ts';
import type { BilledLine } from './line.ts';

/**
 * Finds the service that names a product: by its id, else its code, else its exact name, which products can share.
 * Errors: `ConfigurationError` for a product that one service names by id and another by code or name.
 */
export function serviceFinder(services: readonly Service[]): (product: BilledLine['product']) => Service | undefined {
  const ids = new Map<string, Service>();
  const texts = new Map<string, Service>();
  for (const service of services) {
    for (const product of service.products) {
      if (typeof product === 'string') texts.set(product, service);
      else ids.set(product.id, service);
    }
  }
  return ({ id, code, name }) => {
    const byId = id === undefined ? undefined : ids.get(id);
    const byCode = code === undefined ? undefined : texts.get(code.trim());
    const byText = byCode ?? texts.get(name.trim());
    if (byId !== undefined && byText !== undefined && byId !== byText) {
      const how = byCode === undefined ? `name (${name})` : `code (${code})`;
      const fault = `the product ${id} belongs to "${byId.id}" by its id and to "${byText.id}" by its ${how}`;
      const remedy = 'keep it in one; if another product is meant there, name that one by its id';
      throw new ReportError('ConfigurationError', `billing.json: services: ${fault}; ${remedy}`);
    }
    return byId ?? byText;
  };
}
