import type { CsvColumn } from './csv.ts';

/** Which company an unmapped customer seems to belong to, and why. */
export type CompanySuggestion = {
  /** `unclear`: no company is suggested. */
  certainty: 'certain' | 'likely' | 'unclear';
  company?: { id: string; name: string };
  evidence: string;
  /** The customer is mapped to this company, which is not enabled and so has no row. */
  disabled?: true;
};

type Suggested = { suggestion?: CompanySuggestion };

/** The last columns of unmapped.csv; blank in older reports without suggestions. */
export const suggestionColumns = <Row extends object>(of: (row: Row) => Suggested): CsvColumn<Row>[] => [
  { label: 'Suggested Company', value: (row) => of(row).suggestion?.company?.name ?? null },
  { label: 'Suggestion', value: (row) => of(row).suggestion?.certainty ?? null },
  { label: 'Evidence', value: (row) => of(row).suggestion?.evidence ?? null },
];
