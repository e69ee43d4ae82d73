import type { ErrorName } from '../report/errors.ts';
import type { CustomerFailure, Report, ReportIntegration } from '../report/report.ts';
import type { Action } from './actions.ts';

/** Of a long list the first names are enough to find the place; the integrations' list has them all. */
const NAMES = 5;

const REMEDIES: Record<ErrorName, string> = {
  VendorAuthError: 'check its credentials and their rights, then run the report again',
  VendorRateLimitError: 'run the report again later, when its limit allows more calls',
  VendorUnavailableError: 'run the report again later',
  VendorContractError: 'its API may have changed; the automation log has the details',
  ConfigurationError: 'correct its configuration, then run the report again',
  NotManagingOrganizationError: 'run the report for the managing organization',
  DeliveryError: 'deliver the report again',
};

/** What the engineer does about vendors and customers that could not be read: one action a vendor and kind of error. */
export const collectionActions = (report: Report): Action[] =>
  report.integrations.flatMap((integration) =>
    integration.status === 'partial' ? ofPart(integration) : ofWhole(integration),
  );

const ofWhole = (integration: ReportIntegration): Action[] =>
  integration.status === 'failed'
    ? [actionOf(integration, `${integration.name} could not be read`, integration.error)]
    : [];

function ofPart(integration: ReportIntegration & { status: 'partial' }): Action[] {
  const byError = Map.groupBy(integration.failures, ({ error }) => error);
  return [...byError].map(([error, failures]) =>
    actionOf(integration, `${integration.name} could not read ${customersOf(failures)}`, error),
  );
}

function customersOf(failures: readonly CustomerFailure[]): string {
  const names = [...new Set(failures.map(({ customerName }) => customerName))];
  const more = names.length - NAMES;
  return [...names.slice(0, NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

const actionOf = ({ integration, name }: ReportIntegration, fault: string, error: ErrorName): Action => ({
  who: 'engineer',
  what: `${fault} (${error}): ${REMEDIES[error]}.`,
  where: `${name}, integration ${integration}`,
});
