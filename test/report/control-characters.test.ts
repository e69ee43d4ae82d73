import { expect, test } from 'vitest';
import { withoutControlCharacters } from '../../lambdas/report/control-characters.ts';
import { spreadsheetText } from '../../lambdas/report/csv.ts';

test('control characters leave no trace, tabs and line ends stay, and so does everything that people write', () => {
  expect(withoutControlCharacters('Con\u0000\ufffe\ud800to\u001bso\u0085 \u007fLtd\r\n\tZoë 🧾 \u202e')).toBe(
    'Contoso Ltd\r\n\tZoë 🧾 \u202e',
  );
});

test('in a CSV file too, and a formula behind them is neutralized all the same', () => {
  expect(spreadsheetText('Contoso\u0000 Ltd')).toBe('Contoso Ltd');
  expect(spreadsheetText('\u0000=1+1')).toBe("'=1+1");
});
