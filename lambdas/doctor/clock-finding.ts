import { quantity } from '../report/quantity.ts';
import { listed } from '../report/text.ts';
import type { Finding, Skew } from './finding.ts';

/** Vendors accept signatures and passcodes at least this long. */
const TOLERATED_SECONDS = 60;

const MOST_HOSTS = 3;

/** What is wrong with this machine's clock, by the median of all hosts: a single host's clock can be wrong too. */
export function clockFinding(skews: readonly Skew[]): Finding[] {
  const ordered = [...skews].sort((a, b) => a.seconds - b.seconds);
  const median = ordered[Math.floor(ordered.length / 2)];
  if (median === undefined || Math.abs(median.seconds) <= TOLERATED_SECONDS) return [];
  const hosts = [...new Set(skews.map(({ host }) => host))].slice(0, MOST_HOSTS);
  const seconds = Math.abs(median.seconds);
  const by = seconds < 120 ? quantity(seconds, 'second') : quantity(Math.round(seconds / 60), 'minute');
  const side = median.seconds > 0 ? 'ahead of' : 'behind';
  const sentence = `the clock is ${by} ${side} ${listed(hosts)}: signed requests and passcodes are refused; let the system set its clock from the network`;
  return [{ verdict: 'FAIL', subject: 'this machine', sentence }];
}
