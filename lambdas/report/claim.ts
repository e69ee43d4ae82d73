/**
 * The companies (names) that an ambiguous customer is mapped to, and what to do about it in organizations.json. A
 * single company is mapped to it by an id that another customer of the vendor also has.
 */
export const claimInWords = (companies: readonly string[]): string =>
  companies.length === 1
    ? `mapped to ${companies.join()} by an id that another customer has too: use another of its ids`
    : `mapped to ${companies.join(' and ')}: keep its id with one of them`;
