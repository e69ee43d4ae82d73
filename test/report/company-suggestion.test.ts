import { expect, test } from 'vitest';
import { isOfDisabled } from '../../lambdas/report/company-suggestion.ts';

test('only a customer that is mapped to a company without a row belongs to a disabled one', () => {
  const company = { id: 'a', name: 'Alpha' };
  const likely = { certainty: 'likely', company, evidence: 'same name' } as const;
  const owned = { certainty: 'certain', company, evidence: 'mapped', disabled: true } as const;
  expect([{}, { suggestion: likely }, { suggestion: owned }].map(isOfDisabled)).toEqual([false, false, true]);
});
