/** Which company an unmapped customer seems to belong to, and why. */
export type CompanySuggestion = {
  /** `unclear`: no company is suggested. */
  certainty: 'certain' | 'likely' | 'unclear';
  company?: { id: string; name: string };
  evidence: string;
  /** The customer is mapped to this company, which is not enabled and so has no row. */
  disabled?: true;
};

/** True for a customer of a company that is not enabled: it has an owner, but nobody to invoice. */
export const isOfDisabled = ({ suggestion }: { suggestion?: CompanySuggestion }): boolean =>
  suggestion?.disabled === true;
