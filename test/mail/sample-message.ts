import type { Capacity, Message } from '../../lambdas/mail/route.ts';
import type { MailMarker } from '../../lambdas/mail/send-once.ts';
import { mailMessage } from '../../lambdas/run/mail-message.ts';
import { briefOf } from '../../lambdas/views/brief.ts';
import { collected, company, customer, reportOf } from '../report/sample.ts';

const REPORT = reportOf(
  [company('a', { edition: ['1'] })],
  [collected('edition', [customer('1', { 'Edition Users': 4 })])],
);

export const FROM = 'reports@northwind.example';

/** The mail of a small report with these files. */
export function sampleMessage(
  capacity: Capacity,
  contents: Readonly<Record<string, Uint8Array>> = { 'report.csv': Buffer.from('\ufeffCompany\r\n"Zoë & Co",12\r\n') },
): Promise<Message> {
  const files = Object.entries(contents).map(([name, bytes]) => ({
    ...{ name, bytes },
    contentType: 'text/csv; charset=utf-8',
    location: `/out/r1/${name}`,
  }));
  const email = { from: FROM, recipients: ['billing@northwind.example', 'owner@northwind.example'] };
  return mailMessage(REPORT, files, briefOf({ report: REPORT }), email, capacity);
}

/** A marker that outlives the process. */
export function memoryMarker(): MailMarker {
  let begun = false;
  let recorded: unknown;
  return {
    place: 'the marker',
    async begin() {
      const first = !begun;
      begun = true;
      return first;
    },
    async release() {
      begun = false;
    },
    async record(value) {
      recorded = value;
    },
    recorded: async () => recorded,
  };
}
