import { existsSync, readFileSync } from 'node:fs';

const STATUS = '/proc/self/status';

/**
 * The most memory that this process has held, in megabytes. On Linux `maxRSS` starts with what the parent held when it
 * started this process, so a large parent would hide what a small child takes.
 */
export function peakMegabytes(): number {
  const own = existsSync(STATUS) ? /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(STATUS, 'utf8'))?.[1] : undefined;
  return Math.round(Number(own ?? process.resourceUsage().maxRSS) / 1024);
}
