import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';

const { collectors } = await loadRegistry();

/** A collector that keeps new credentials without saying so would have no right to, and would lose them. */
it.each(collectors.map(({ id, credentials }) => [id, credentials] as const))(
  '%s says that its credentials rotate where it keeps new ones (%s)',
  (id, credentials) => {
    const source = readFileSync(new URL(`../../lambdas/collectors/${id}.ts`, import.meta.url), 'utf8');
    const keeps = /\bkeepSecret\b|\blockSecret\b|\brotatingToken\b/u.test(source);
    expect(credentials === 'rotate').toBe(keeps);
  },
);
