import { expect, test } from 'vitest';
import { claimInWords } from '../../lambdas/report/claim.ts';

test('an ambiguous customer is shown with its companies, and with what makes it clear', () => {
  expect(claimInWords(['Alpha', 'Beta'])).toBe('mapped to Alpha and Beta: keep its id with one of them');
  expect(claimInWords(['Alpha'])).toBe(
    'mapped to Alpha by an id that another customer has too: use another of its ids',
  );
});
