import type { Part } from '../delivery/multipart.ts';
import type { DeliveryFile } from '../delivery/order.ts';

/**
 * A body as Freshdesk reads it from a form: `tags[]` once for each, `custom_fields[cf_name]`; it refuses JSON inside a
 * part.
 */
export const formOf = (body: Readonly<Record<string, unknown>>, files: readonly DeliveryFile[]): Part[] => [
  ...Object.entries(body).flatMap(([name, value]) => parts(name, value)),
  ...files.map(({ name, bytes, contentType }) => ({
    name: 'attachments[]',
    file: { name, bytes, contentType: contentType.replace(/;.*$/su, '') },
  })),
];

function parts(name: string, value: unknown): Part[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item) => parts(`${name}[]`, item));
  if (typeof value === 'object') return Object.entries(value).flatMap(([key, item]) => parts(`${name}[${key}]`, item));
  return [{ name, value: String(value) }];
}
