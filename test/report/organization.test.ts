import { expect, test } from 'vitest';
import { rowsOf } from '../../lambdas/report/organization.ts';

test('the managing organization is a company like the others, also where organizations.json does not list it', () => {
  expect(rowsOf([], { id: 'msp', name: 'MSP' })).toEqual([
    { id: 'msp', name: 'MSP', enabled: true, integrationIds: new Map() },
  ]);
});
