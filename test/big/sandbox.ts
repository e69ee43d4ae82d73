import { demoConfiguration, writeDemoConfiguration } from '../sandbox/demo-configuration.ts';
import { type DemoMsp, demoMsp } from '../sandbox/demo-msp.ts';
import { startSandbox } from '../sandbox/server.ts';
import type { SandboxVendor, Server, TicketServer } from '../sandbox/vendor.ts';
import { TIME_HEADER } from './messages.ts';

/*
 * The vendors of a large MSP and its PSA, in a process of their own: `sandbox.ts CONFIG COMPANIES DEVICES PSA VENDOR…`.
 * Writes the configuration into CONFIG, and prints as JSON where they are and how many units a report must count at
 * each vendor.
 */
const [config = '', companies = '', devices = '', psa = '', ...ids] = process.argv.slice(2);
type Made<S> = (msp: DemoMsp, now: () => number) => S;

const msp = largeMsp(Number(companies), Number(devices));
const served: Server[] = [];
const vendors: SandboxVendor[] = [];
for (const id of ids) vendors.push(await serve<SandboxVendor>(`vendor-apis/${id}`));
const desk = await serve<TicketServer>(`psa-apis/${psa}`);
await writeDemoConfiguration(config, demoConfiguration(msp, vendors, [desk], { psa }));
const { url } = await startSandbox(served);
// It ends with the process that started it, which closes stdin.
process.stdin.resume().on('end', () => process.exit());
const units = vendors.map(({ id, customers }) => [id, sum(customers.flatMap(({ cells }) => Object.values(cells)))]);
console.log(JSON.stringify({ origin: url.origin, units: Object.fromEntries(units) }));

/** Makes a server, whose time is that of its callers. */
async function serve<S extends Server>(file: string): Promise<S> {
  let now = Date.now();
  const { default: make }: { default: Made<S> } = await import(`../sandbox/${file}.ts`);
  const server = make(msp, () => now);
  served.push({
    id: server.id,
    answers: (host, path) => server.answers(host, path),
    handle: (request) => {
      now = Math.max(now, Number(request.headers[TIME_HEADER] ?? now));
      return server.handle(request);
    },
  });
  return server;
}

/** An MSP of this size, whose companies have this many devices in all, and users in proportion. */
function largeMsp(size: number, all: number): DemoMsp {
  const usual = demoMsp(size).companies.flatMap(({ fleet }) => {
    const { workstations, laptops, servers, networkDevices, printers, virtualHosts, mobiles } = fleet;
    return [workstations, laptops, servers, networkDevices, printers, virtualHosts, mobiles];
  });
  return demoMsp(size, all / sum(usual));
}

/** Adds in thousandths, so that fractions of a licence add up exactly. */
function sum(values: readonly (number | string)[]): number {
  return (
    values.reduce<number>((all, value) => all + (typeof value === 'number' ? Math.round(value * 1000) : 0), 0) / 1000
  );
}
