import type { ReportRow } from '../../lambdas/report/report.ts';
import type { ReportData } from '../../lambdas/views/report-data.ts';
import { data, report } from './sample.ts';

/** Texts that a vendor or a customer may have chosen, and how a view shows them. */
export const HOSTILE: readonly [text: string, shown: string][] = [
  ...['=1+1', '@SUM(A1)', '-2+3', "'quoted", '#N/A', '#REF!', '_x0041_', ' lead ', '\ttab', '0012', '1e5', 'TRUE'].map(
    (text): [string, string] => [text, text],
  ),
  ['</script><script>alert(1)</script>', '</script><script>alert(1)</script>'],
  ['"><img src=x onerror=alert(1)>', '"><img src=x onerror=alert(1)>'],
  ['<!-- &amp; ]]>', '<!-- &amp; ]]>'],
  ['a\u0000b\u0007c', 'a\uFFFDb\uFFFDc'],
  ['\uFFFEend', '\uFFFDend'],
  ['\uD800half', '\uFFFDhalf'],
  ['two\r\nlines', 'two\nlines'],
];

const row = (name: string, id = name): ReportRow => ({
  organization: { id, name },
  cells: new Map(),
  dataQuality: name,
});

/** Everything that a view can show, and companies whose ids, names and remarks are hostile. */
export const hostileData: ReportData = {
  ...data,
  report: { ...report, rows: [...report.rows, ...HOSTILE.map(([text], index) => row(text, `${text} ${index}`))] },
  changes: HOSTILE.map(([text], index) => ({
    company: text,
    companyId: `${text} ${index}`,
    integration: text,
    column: text,
    before: text,
    now: text,
    added: text,
    since: text,
  })),
};

export const hostileRow = row;
