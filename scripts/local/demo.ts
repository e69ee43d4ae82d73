import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../lambdas/platform/whole-file.ts';
import { ReportError } from '../../lambdas/report/errors.ts';
import { breakVendor, demoConfiguration, writeDemoConfiguration } from '../../test/sandbox/demo-configuration.ts';
import { demoMsp } from '../../test/sandbox/demo-msp.ts';
import { nextMonth } from '../../test/sandbox/next-month.ts';
import { loadPsas, loadVendors } from '../../test/sandbox/registry.ts';
import { type RunningSandbox, startSandbox } from '../../test/sandbox/server.ts';
import type { Server } from '../../test/sandbox/vendor.ts';
import type { Month } from './options.ts';

export type Demo = RunningSandbox & { /** The directory of a configuration that fits. */ config: string };

export type DemoOptions = { out: string; port?: number; broken?: string; psa?: string; month?: Month };

/**
 * Starts the demo MSP's vendors and PSAs on 127.0.0.1 and writes a configuration that fits to `<out>/demo-config/`.
 * `broken`: the integration that refuses its credentials. `psa`: the one that gets the ticket and whose agreements are
 * compared.
 * Errors: `ConfigurationError`.
 */
export async function startDemo({ out, port, broken, psa, month }: DemoOptions): Promise<Demo> {
  const msp = month === 'next' ? nextMonth(demoMsp()) : demoMsp();
  const [vendors, psas] = await Promise.all([loadVendors(msp), loadPsas(msp)]);
  const servers: Server[] = [...vendors, ...psas];
  if (broken !== undefined) expectOneOf('--break', broken, servers);
  if (psa !== undefined) expectOneOf('--psa', psa, psas);
  const config = join(out, 'demo-config');
  try {
    // The vendors start over, and so do their tokens: a lock that a killed demo left behind guards nothing, and would
    // be waited for.
    await rm(join(config, 'secrets', 'locks'), { recursive: true, force: true });
    await writeDemoConfiguration(config, demoConfiguration(msp, vendors, psas, psa === undefined ? {} : { psa }));
  } catch (error) {
    throw new ReportError('ConfigurationError', `--out: cannot write ${config}; choose another folder`, {
      cause: error,
    });
  }
  const served = servers.map((server) => (server.id === broken ? breakVendor(server) : server));
  try {
    return { ...(await startSandbox(served, port === undefined ? {} : { port })), config };
  } catch (error) {
    throw new ReportError(
      'ConfigurationError',
      `--port: cannot serve on port ${port ?? 0} of 127.0.0.1 (${codeOf(error)}); choose another, or 0 for a free one`,
      { cause: error },
    );
  }
}

function expectOneOf(option: string, wanted: string, servers: readonly Server[]): void {
  const ids = [...new Set(servers.map(({ id }) => id))];
  if (ids.includes(wanted)) return;
  throw new ReportError(
    'ConfigurationError',
    `${option}: "${wanted}" is not in the demo; expected one of ${ids.join(', ')}`,
  );
}
