import type * as z from 'zod/mini';
import type { Column } from './column.ts';

/** What the report must know of an integration whose counts it shows; every declared collector is one. */
export type CatalogEntry = {
  /** Integration id: the member in report.json and organizations.json. */
  id: string;
  /** Name in logs and Data Quality. */
  name: string;
  /** Place of its columns in the report; lower stands further left. */
  position: number;
  /** Fixed columns, in order. */
  columns: readonly Column[];
  /** What organizations.json holds for this vendor: its name, and its form, which also normalises it. */
  customerId: { name: string; schema: z.ZodMiniType<string> };
};

/** All integrations that can be collected from, installed or not, by position. */
export type Catalog = readonly CatalogEntry[];
