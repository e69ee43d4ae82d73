import * as z from 'zod/mini';
import { isTimeZone } from '../report/day.ts';
import { describeIssue, kindOf } from '../report/describe-issue.ts';
import { ReportError } from '../report/errors.ts';
import { members } from '../report/members.ts';
import { isRecord } from '../report/record.ts';
import { type DeliveryConfiguration, deliveryShape, MECHANISMS, type Mechanism } from './delivery.ts';
import { someText } from './some-text.ts';

/** The checked content of report.json. */
export type ReportConfiguration = {
  managingOrganization: { id: string; name: string };
  /** The installed integrations, each with its own settings; without the field "enabled". */
  integrations: Map<string, Record<string, unknown>>;
  delivery: DeliveryConfiguration;
  /** IANA name of the zone for days, months and titles; undefined for the installation's default. */
  timeZone: string | undefined;
  /** Whether units.csv and changes.csv name what was counted. */
  units: 'named' | 'off';
};

/** Ids that are allowed in report.json. */
export type KnownIntegrations = { integrations: readonly string[]; psas: readonly string[] };

/**
 * Reads report.json. Each integration checks its own settings.
 * Errors: `ConfigurationError`, one line per fault: file, path of the field, what is expected, what was found.
 */
export function readConfiguration(value: unknown, known: KnownIntegrations): ReportConfiguration {
  const shape = members({
    managingOrganization: members({ id: someText, name: someText }),
    integrations: z.custom<Record<string, unknown>>(isRecord, 'expected an object with one field per integration'),
    delivery: deliveryShape(known.psas),
    timeZone: z.optional(
      z.string().check(z.refine(isTimeZone, 'expected an IANA time zone such as Europe/Vienna or UTC')),
    ),
    units: z._default(z.enum(['named', 'off']), 'named'),
  });
  const result = z.safeParse(shape, value);
  const integrations = readIntegrations(isRecord(value) ? value.integrations : undefined, known);
  const faults = [
    ...(result.success ? [] : result.error.issues.map((issue) => describeIssue(issue, value))),
    ...integrations.faults,
  ];
  if (!result.success || faults.length > 0) throw faulty(faults);
  const { managingOrganization, delivery, timeZone, units } = result.data;
  const configuration = { managingOrganization, integrations: integrations.installed, delivery, timeZone, units };
  mechanismOf(configuration);
  return configuration;
}

/**
 * How this run is delivered: by `override` or else as configured.
 * Errors: `ConfigurationError` for an unknown mechanism, and for one whose settings are missing.
 */
export function mechanismOf(configuration: ReportConfiguration, override?: string): Mechanism {
  const { delivery, integrations } = configuration;
  const mechanism =
    override === undefined ? delivery.mechanism : MECHANISMS.find((candidate) => candidate === override);
  if (mechanism === undefined) {
    const expected = MECHANISMS.map((candidate) => JSON.stringify(candidate)).join(' or ');
    throw new ReportError('ConfigurationError', `deliver: expected ${expected}, found ${JSON.stringify(override)}`);
  }
  if (mechanism === 'psa') {
    const psa = delivery.psa?.integration;
    if (psa === undefined) throw faulty(['delivery.psa: expected the settings of this mechanism, found nothing']);
    if (!integrations.has(psa)) {
      throw faulty([`delivery.psa.integration: expected an installed integration; add "${psa}" under integrations`]);
    }
  }
  if (mechanism === 'email' && delivery.email === undefined) {
    throw faulty(['delivery.email: expected the settings of this mechanism, found nothing']);
  }
  return mechanism;
}

const faulty = (faults: readonly string[]): ReportError =>
  new ReportError('ConfigurationError', faults.map((fault) => `report.json: ${fault}`).join('\n'));

function readIntegrations(
  value: unknown,
  known: KnownIntegrations,
): { installed: Map<string, Record<string, unknown>>; faults: string[] } {
  const installed = new Map<string, Record<string, unknown>>();
  const faults: string[] = [];
  const ids = [...new Set([...known.integrations, ...known.psas])].sort();
  for (const [id, settings] of isRecord(value) ? Object.entries(value) : []) {
    const place = `integrations.${id}`;
    if (!ids.includes(id)) {
      faults.push(`${place}: unknown integration "${id}"; known: ${ids.join(', ')}`);
    } else if (!isRecord(settings)) {
      faults.push(`${place}: expected an object with the integration's settings, found ${kindOf(settings)}`);
    } else {
      const { enabled, ...options } = settings;
      if (enabled !== undefined && typeof enabled !== 'boolean') {
        faults.push(`${place}.enabled: expected true or false, found ${kindOf(enabled)}`);
      } else if (enabled !== false) installed.set(id, options);
    }
  }
  return { installed, faults };
}
