import { expect, test } from 'vitest';
import { refusedFile, refusedTicket } from '../../../lambdas/psa/delivery/refused.ts';
import { Redactor } from '../../../lambdas/wire/redact.ts';

const session = { redactor: new Redactor() };
const answer = (status: number, body: string) => ({ status, headers: {}, body: Buffer.from(body) });
const PAGE = '<html><h1>413 Request Entity Too Large</h1><hr>nginx</html>';

test("a refusal is reported in the PSA's words, with what to do", () => {
  expect(refusedTicket('Desk', answer(400, '{"message":"The board is closed"}'), session).message).toBe(
    'Desk refused the ticket (HTTP 400): The board is closed; set what it asks for under delivery.psa.ticket in ' +
      'report.json, and its own fields under "extra"',
  );
});

test('a web page has no words of the PSA, and nothing in report.json can fix it', () => {
  const remedy = 'a firewall or proxy in front of it may block it: ask who runs it, or do it by hand';
  expect(refusedTicket('Desk', answer(400, PAGE), session).message).toBe(
    `Desk refused the ticket (HTTP 400): a web page instead of an API answer; ${remedy}`,
  );
  expect(refusedFile('Desk', { name: 'report.csv' }, answer(413, PAGE), session, 'split it').message).toBe(
    `Desk refused report.csv (HTTP 413): a web page instead of an API answer; ${remedy}`,
  );
});
