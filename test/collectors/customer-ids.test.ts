import { expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';

const { collectors } = await loadRegistry();

/** Ids as people and vendors write them. */
const WRITTEN = [
  ...['7', '007', '4411', 'DA000000000000000007', 'abc-1', 'Customer-7.Example'],
  ...['0B1C0000-0000-4000-8000-00000000000A', '0b1c0000-0000-4000-8000-00000000000a'],
];

it.each(collectors)('the form of a $name id is in that form itself', ({ customerId: { schema } }) => {
  const forms = WRITTEN.flatMap((written) => schema.safeParse(written).data ?? []);
  expect(forms.length).toBeGreaterThan(0);
  expect(forms.map((form) => schema.safeParse(form).data)).toEqual(forms);
});
