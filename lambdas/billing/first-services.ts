import type { Report, ReportColumn } from '../report/report.ts';
import type { CountingIntegration } from './titles.ts';

/**
 * A product as the PSA's catalogue lists it, or as billed lines name it. `skus`: its names elsewhere, from its
 * catalogue.
 */
export type PsaProduct = { id?: string; code?: string; name: string; skus?: string[] };

/** How a service names a product. */
type Ref = string | { id: string };

/** A first billing.json. `unused` has no effect; a person sorts it into services. */
export type FirstBilling = {
  /** As in billing.json: one source, or several. */
  source: unknown;
  services: FirstService[];
  unused: { products: PsaProduct[]; columns: string[] };
};

type FirstService = { id: string; name: string; counts: string[]; products: Ref[] };

/**
 * Makes services from products and columns that agree exactly, except for case and spaces: the product's code, SKU or
 * name is the column's title, or what follows the vendor's prefix in it. If several columns agree with one product, it
 * is for people to decide whether to add them up: two vendors can count the same seats. A product that nothing tells
 * from another one is left to them too.
 */
export function firstServices(
  source: FirstBilling['source'],
  products: readonly PsaProduct[],
  report: Pick<Report, 'columns' | 'integrations'>,
  catalog: readonly CountingIntegration[],
): FirstBilling {
  const columns = countedColumns(report);
  const agreeing = agreements(products, columns, catalog);
  const ids = new Set<string>();
  const services = columns.flatMap(({ title }): FirstService[] => {
    const sold = agreeing.flatMap(({ product, ref, titles: [only, ...others] }) =>
      ref !== undefined && only === title && others.length === 0 ? [{ product, ref }] : [],
    );
    const [first] = sold;
    if (first === undefined) return [];
    const id = freeId(first.product.code ?? first.product.name, ids);
    ids.add(id);
    return [{ id, name: first.product.name, counts: [title], products: sold.map(({ ref }) => ref) }];
  });
  const served = new Set(services.flatMap(({ counts }) => counts));
  return {
    source,
    services,
    unused: {
      products: agreeing
        .filter(({ ref, titles }) => ref === undefined || titles.length !== 1)
        .map(({ product: { skus: _, ...product } }) => product),
      columns: columns.map(({ title }) => title).filter((title) => !served.has(title)),
    },
  };
}

/** Products whose code, SKU or name matches several columns, for people to choose from. */
export const agreeingWithSeveral = (
  products: readonly PsaProduct[],
  report: Pick<Report, 'columns' | 'integrations'>,
  catalog: readonly CountingIntegration[],
): Agreeing[] => agreements(products, countedColumns(report), catalog).filter(({ titles }) => titles.length > 1);

/** `ref` is undefined if every name of the product is another one's too. */
type Agreeing = { product: PsaProduct; ref: Ref | undefined; titles: string[] };

function agreements(
  products: readonly PsaProduct[],
  columns: readonly ReportColumn[],
  catalog: readonly CountingIntegration[],
): Agreeing[] {
  const prefixes = new Map(catalog.map(({ id, products }) => [id, products?.prefix]));
  const named = columns.map((column) => ({ title: column.title, names: namesOf(column, prefixes) }));
  const different = eachOnce(products);
  return different.map((product) => {
    const words = [product.code, product.name, ...(product.skus ?? [])].flatMap((word) => word ?? []).map(normal);
    const titles = named.filter(({ names }) => names.some((name) => words.includes(name))).map(({ title }) => title);
    return { product, ref: refOf(product, different), titles };
  });
}

/** Billed lines can call one product by several names: the first is its name, and all are compared with columns. */
function eachOnce(products: readonly PsaProduct[]): PsaProduct[] {
  const keyOf = ({ id, code, name }: PsaProduct): string => {
    const ids = [id, code?.trim() || undefined];
    return JSON.stringify(ids.some((part) => part !== undefined) ? ids : name.trim());
  };
  return [...Map.groupBy(products, keyOf).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const skus = [first, ...others].flatMap((product) => product.skus ?? []);
    const names = others.map(({ name }) => name);
    return [{ ...first, ...(skus.length + names.length === 0 ? {} : { skus: [...skus, ...names] }) }];
  });
}

/** Columns that are read: those of installed integrations. */
function countedColumns({ columns, integrations }: Pick<Report, 'columns' | 'integrations'>): ReportColumn[] {
  const absent = integrations.filter(({ status }) => status === 'not-installed').map(({ integration }) => integration);
  return columns.filter(({ type, integration }) => type === 'number' && !absent.includes(integration));
}

function namesOf({ title, integration }: ReportColumn, prefixes: ReadonlyMap<string, string | undefined>): string[] {
  const prefix = prefixes.get(integration);
  const isPrefixed = prefix !== undefined && title.startsWith(`${prefix} `);
  return [normal(title), ...(isPrefixed ? [normal(title.slice(prefix.length))] : [])];
}

const normal = (text: string): string => text.replace(/\s+/gu, ' ').trim().toLowerCase();

/** By its code if only this product has it, else by its id, or by its name if the source has no ids. */
function refOf(product: PsaProduct, products: readonly PsaProduct[]): Ref | undefined {
  const { id, name, code = '' } = product;
  const others = products.filter((other) => other !== product);
  const isClear = (text: string): boolean =>
    text !== '' &&
    others.every((other) => ![other.code, other.name, ...(other.skus ?? [])].some((word) => word?.trim() === text));
  if (isClear(code.trim())) return code.trim();
  if (id !== undefined) return others.some((other) => other.id === id) ? undefined : { id };
  return isClear(name.trim()) ? name.trim() : undefined;
}

function freeId(text: string, taken: ReadonlySet<string>): string {
  const base =
    normal(text)
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/gu, '') || 'service';
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  return id;
}
