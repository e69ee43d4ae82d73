import type { BillingConfiguration } from '../billing/configuration.ts';
import type { ReportConfiguration } from '../configuration/report-json.ts';
import type { Registry } from '../registry.ts';
import { isReportError } from '../report/errors.ts';
import type { Organization } from '../report/organization.ts';
import { mailSettings, psaSettings } from '../run/delivery-settings.ts';
import { MAIL_SECRETS, mailSecretsOf } from '../run/mail-ways.ts';
import { ownSettings } from '../run/misplaced.ts';
import type { BilledCheck, CountsCheck, MailCheck, TicketsCheck } from './check.ts';
import type { Finding } from './finding.ts';
import { mailBy } from './mail-look.ts';
import { faultOf } from './sentences.ts';
import { ticketsAt } from './ticket-subject.ts';

/** What a run would use. */
export type Installation = {
  configuration: ReportConfiguration;
  organizations: readonly Organization[];
  billing: BillingConfiguration | undefined;
};

/** One use of a system in a run: which function would do it, and the check to give to that function. */
export type Use = {
  /** Id of the integration or mail service. */
  id: string;
  /** Name in progress and findings. */
  label: string;
  /** Name of the function, without prefix. */
  function: string;
  /** Plain data without credentials. */
  check: CountsCheck | TicketsCheck | BilledCheck | MailCheck;
};

/** What is known about an integration before any check. */
type Known = Finding & { id: string };

/**
 * Everything that a run would call, what is already known to be wrong, and a note on each system that it would not
 * call.
 */
export function installedUses(registry: Registry, of: Installation): { uses: Use[]; findings: Known[] } {
  const findings: Known[] = [];
  const uses = [
    ...countingUses(registry, of),
    ...ticketUses(registry, of, findings),
    ...billedUses(registry, of),
    ...mailUses(of),
  ];
  const isUsed = (id: string): boolean => uses.some((use) => use.id === id) || isDeliveredTo(id, of);
  for (const { id, name } of registry.psas) {
    if (of.configuration.integrations.has(id) && !isUsed(id)) findings.push({ id, ...idle(name) });
  }
  return { uses, findings };
}

const zoneOf = ({ configuration }: Installation): string | null => configuration.timeZone ?? null;
const isDeliveredTo = (id: string, { configuration }: Installation): boolean =>
  configuration.delivery.psa?.integration === id;

function countingUses({ collectors }: Registry, of: Installation): Use[] {
  return collectors.flatMap(({ id, name, secret }): Use[] => {
    const settings = of.configuration.integrations.get(id);
    if (settings === undefined) return [];
    const check: CountsCheck = { ...ownSettings(settings, secret), timeZone: zoneOf(of) };
    return [{ id, label: name, function: `collector-${id}`, check }];
  });
}

/** The PSA of `delivery.psa`; if a ticket is due but not configured, that is the finding. */
function ticketUses({ psas }: Registry, of: Installation, findings: Known[]): Use[] {
  const { configuration, organizations } = of;
  const { managingOrganization, delivery, integrations } = configuration;
  return psas
    .filter(({ id }) => integrations.has(id) && isDeliveredTo(id, of))
    .flatMap(({ id, name, secret }): Use[] => {
      const label = ticketsAt(name);
      try {
        const settings = psaSettings(configuration, organizations, delivery.mechanism === 'psa');
        const check: TicketsCheck = {
          ...ownSettings(integrations.get(id) ?? {}, secret),
          ticket: settings?.ticket ?? null,
          managingOrganization,
          timeZone: zoneOf(of),
        };
        return [{ id, label, function: `psa-${id}`, check }];
      } catch (error) {
        if (!isReportError(error, 'ConfigurationError')) throw error;
        for (const sentence of faultOf(error)) findings.push({ id, verdict: 'FAIL', subject: label, sentence });
        return [];
      }
    });
}

function billedUses({ sources, psas }: Registry, of: Installation): Use[] {
  return (of.billing?.sources ?? []).flatMap(({ kind, id, settings }): Use[] => {
    const source = kind === 'psa' ? sources.find((candidate) => candidate.id === id) : undefined;
    if (source === undefined) return [];
    const check: BilledCheck = {
      ...ownSettings(of.configuration.integrations.get(id) ?? {}, source.secret),
      options: { ...settings },
      create: psas.find((psa) => psa.id === id)?.setup.create ?? '',
    };
    return [{ id, label: `${source.name} (agreements)`, function: `source-${id}`, check }];
  });
}

/** The mail services that have a secret, including the fallback; SES belongs to the platform. */
function mailUses({ configuration }: Installation): Use[] {
  const { email } = configuration.delivery;
  if (email === undefined) return [];
  return mailSecretsOf(email).map(({ id }): Use => {
    const check: MailCheck = { service: id, email, ...mailSettings(configuration) };
    return { id, label: mailBy(MAIL_SECRETS[id].name), function: 'send-email-with-attachment', check };
  });
}

/** Installed, but neither delivered to nor read from: its credentials are not needed. */
const idle = (subject: string): Finding => ({
  verdict: 'note',
  subject,
  sentence: 'not checked: nothing is delivered there, and billing.json does not read from it',
});
