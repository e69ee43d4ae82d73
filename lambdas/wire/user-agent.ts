/**
 * Who we are, for the vendor's log and firewall: many turn away clients without a name. A test compares it with
 * package.json.
 */
export const USER_AGENT = 'billing-count-report/0.1.0';
