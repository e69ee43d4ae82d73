import type { ErrorName } from '../report/errors.ts';
import { customerFailures, vendorFailure } from '../report/failure-in-words.ts';
import type { ReportHead, ReportIntegration } from '../report/report.ts';
import type { Action } from './action.ts';

const REMEDIES: Record<ErrorName, string> = {
  VendorAuthError: 'Grant what is missing or renew the credentials, then run the report again.',
  VendorRateLimitError: 'Run the report again later, when the vendor allows more calls.',
  VendorUnavailableError: 'Run the report again later.',
  VendorContractError: 'The API may have changed; the automation log has the details.',
  ConfigurationError: 'Correct the settings, then run the report again.',
  NotManagingOrganizationError: 'Run the report for the managing organization.',
  DeliveryError: 'Deliver the report again.',
};

/** What the engineer does about vendors and customers that could not be read: one action per vendor and reason. */
export const collectionActions = (report: ReportHead): Action[] =>
  report.integrations.flatMap((integration) =>
    integration.status === 'partial' ? ofPart(integration) : ofWhole(integration),
  );

const ofWhole = (integration: ReportIntegration): Action[] =>
  integration.status === 'failed'
    ? [actionOf(integration, sentence(vendorFailure(integration.name, integration)), integration.error)]
    : [];

const ofPart = (integration: ReportIntegration & { status: 'partial' }): Action[] =>
  customerFailures(integration.failures).map(({ error, words }) =>
    actionOf(integration, `${integration.name}: ${words}.`, error),
  );

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const actionOf = ({ integration, name }: ReportIntegration, fault: string, error: ErrorName): Action => ({
  who: 'engineer',
  what: `${fault} ${REMEDIES[error]}`,
  where: `${name}, integration ${integration}`,
});
