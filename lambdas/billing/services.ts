import { ReportError } from '../report/errors.ts';
import type { Service } from './configuration.ts';
import type { BilledLine } from './line.ts';

/**
 * Finds the service that names a product: by its id, else its code, else its exact name.
 * Errors: `ConfigurationError` for a product that one service names by id and another by code.
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
    if (byId !== undefined && byCode !== undefined && byId !== byCode) {
      const fault = `the product ${id} (${code}) belongs to "${byId.id}" by its id and to "${byCode.id}" by its code`;
      throw new ReportError('ConfigurationError', `billing.json: services: ${fault}; keep it in one`);
    }
    return byId ?? byCode ?? texts.get(name.trim());
  };
}
