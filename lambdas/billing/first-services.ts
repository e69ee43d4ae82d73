import type { Report, ReportColumn } from '../report/report.ts';
import type { CountingIntegration } from './titles.ts';

/**
 * A product as the PSA's catalogue lists it, or as billed lines name it. `skus`: its names elsewhere, from its
 * catalogue.
 */
export type PsaProduct = { id?: string; code?: string; name: string; skus?: string[] };

/** A first billing.json. `unused` has no effect; a person sorts it into services. */
export type FirstBilling = {
  /** As in billing.json: one source, or several. */
  source: unknown;
  services: FirstService[];
  unused: { products: PsaProduct[]; columns: string[] };
};

type FirstService = { id: string; name: string; counts: string[]; products: (string | { id: string })[] };

/**
 * Makes services from products and columns that agree exactly, except for case and spaces: the product's code, SKU or
 * name is the column's title, or what follows the vendor's prefix in it. If several columns agree with one product, it
 * is for people to decide whether to add them up: two vendors can count the same seats.
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
    const sold = agreeing
      .filter(({ titles }) => titles.length === 1 && titles[0] === title)
      .map(({ product }) => product);
    const [first] = sold;
    if (first === undefined) return [];
    const id = freeId(first.code ?? first.name, ids);
    ids.add(id);
    return [{ id, name: first.name, counts: [title], products: sold.map((product) => refOf(product, products)) }];
  });
  const served = new Set(services.flatMap(({ counts }) => counts));
  return {
    source,
    services,
    unused: {
      products: agreeing
        .filter(({ titles }) => titles.length !== 1)
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

type Agreeing = { product: PsaProduct; titles: string[] };

function agreements(
  products: readonly PsaProduct[],
  columns: readonly ReportColumn[],
  catalog: readonly CountingIntegration[],
): Agreeing[] {
  const prefixes = new Map(catalog.map(({ id, products }) => [id, products?.prefix]));
  const named = columns.map((column) => ({ title: column.title, names: namesOf(column, prefixes) }));
  return products.map((product) => {
    const words = [product.code, product.name, ...(product.skus ?? [])].flatMap((word) => word ?? []).map(normal);
    const titles = named.filter(({ names }) => names.some((name) => words.includes(name))).map(({ title }) => title);
    return { product, titles };
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
function refOf(product: PsaProduct, products: readonly PsaProduct[]): string | { id: string } {
  const { id, name } = product;
  const code = product.code?.trim() ?? '';
  const others = products.filter((other) => other !== product);
  const isClear = code !== '' && others.every((other) => other.code?.trim() !== code && other.name.trim() !== code);
  if (isClear) return code;
  return id === undefined ? name.trim() : { id };
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
