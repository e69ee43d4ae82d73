import type { ErrorName } from '../report/errors.ts';
import { headingOf } from '../report/heading.ts';
import { cellOf, type Report, type ReportColumn, type ReportRow } from '../report/report.ts';
import { integrationNames } from '../views/names.ts';
import type { ChangeRow } from '../views/rows.ts';
import type { BlankState } from '../views/states.ts';
import { companyAnchor } from './company-anchor.ts';
import { type Content, html, type Markup } from './markup.ts';

/** What a customer is shown of a fault. The vendor's own words stay with the MSP: they can name another company. */
const FAULTS: Record<ErrorName, string> = {
  VendorAuthError: 'our access to it was refused',
  VendorRateLimitError: 'it asked us to wait longer than a run can',
  VendorUnavailableError: 'it did not answer',
  VendorContractError: 'its answer could not be understood',
  ConfigurationError: 'our settings for it are incomplete',
  NotManagingOrganizationError: 'the run was not started for the right organization',
  DeliveryError: 'the report could not be delivered',
};

/** In words for the company itself, which does not know ids. */
const REASONS: Record<BlankState, string> = {
  failed: 'could not be read',
  ambiguous: 'it is not clear which account there is theirs',
  'not-found': 'the vendor does not list this account',
  excluded: 'left out by the definition of this count',
  unmapped: 'no account there is known to us',
};

/**
 * Makes one section per company: what it has, what changed, and what could not be read. A section names the managing
 * organization, the company and its own data; nothing about money, and no text that could name another company.
 */
export function companySections(report: Report, changes: readonly ChangeRow[]): (row: ReportRow) => Markup {
  const nameOf = integrationNames(report);
  const changed = Map.groupBy(changes, ({ companyId }) => companyId);
  const { day } = headingOf(report);
  return (row) => {
    const { id, name } = row.organization;
    const anchor = companyAnchor(id);
    return html`<section class="company" id="${anchor}">
<h3 id="${anchor}-name">${name}</h3>
<p class="quiet">Counted on ${day} by ${report.managingOrganization.name}</p>
${countsOf(report, row, nameOf)}${changesOf(changed.get(id) ?? [])}${gapsOf(row, nameOf)}</section>
`;
  };
}

type Counted = { column: ReportColumn; value: string | number };

/** What the company has. Zeros are one sentence: nobody reads a list of what they do not have. */
function countsOf(report: Report, row: ReportRow, nameOf: (integration: string) => string): Content {
  const counted = report.columns.flatMap((column): Counted[] => {
    const cell = cellOf(report, row, column);
    return cell?.state === 'counted' ? [{ column, value: cell.value }] : [];
  });
  const used = counted.filter(({ value }) => value !== 0);
  const zeros = new Set(counted.filter(({ value }) => value === 0).map(({ column }) => nameOf(column.integration)));
  const lines = used.map(
    ({ column, value }) => html`<tr><th scope="row">${column.title}</th><td>${value}</td></tr>
`,
  );
  return [
    used.length === 0
      ? undefined
      : html`<table class="own"><thead><tr><th scope="col">What</th><th scope="col" class="n">Count</th></tr></thead><tbody>
${lines}</tbody></table>
`,
    zerosOf([...zeros], used.length > 0),
  ];
}

function zerosOf(vendors: readonly string[], others: boolean): Content {
  if (vendors.length > 0) {
    return html`<p class="quiet">Every ${others ? 'other ' : ''}count that was read of ${vendors.join(', ')} is 0.</p>
`;
  }
  return others
    ? undefined
    : html`<p>Nothing was counted.</p>
`;
}

function changesOf(changes: readonly ChangeRow[]): Content {
  if (changes.length === 0) return undefined;
  const items = changes.map(
    (change) => html`<li>${change.column ?? 'The company'}: ${fromTo(change)}${unitsOf(change)}</li>
`,
  );
  return html`<h4>Changed since ${changes[0]?.since}</h4>
<ul>${items}</ul>
`;
}

const fromTo = ({ before, now, stateBefore, stateNow }: ChangeRow): string =>
  `${before ?? stateBefore ?? 'new'} → ${now ?? stateNow ?? 'gone'}`;

function unitsOf({ added, removed, namesOthers }: ChangeRow): Content {
  if (namesOthers === true) return undefined;
  const parts = [
    ...(added === undefined ? [] : [`added ${added}`]),
    ...(removed === undefined ? [] : [`removed ${removed}`]),
  ];
  return parts.length === 0 ? undefined : ` (${parts.join('; ')})`;
}

/** A vendor that the company does not use is left out. */
function gapsOf({ gaps = [] }: ReportRow, nameOf: (integration: string) => string): Content {
  const due = gaps.filter(({ state }) => state !== 'unmapped');
  if (due.length === 0) return undefined;
  const items = due.map(({ integration, column, state, detail }) => {
    const fault = state === 'failed' ? faultOf(detail) : undefined;
    return html`<li>${column ?? nameOf(integration)}: ${REASONS[state]}${fault === undefined ? undefined : `, ${fault}`}</li>
`;
  });
  return html`<h4>Not counted</h4>
<ul>${items}</ul>
`;
}

function faultOf(detail: string | undefined): string | undefined {
  const isKnown = (name: string): name is ErrorName => Object.hasOwn(FAULTS, name);
  return detail !== undefined && isKnown(detail) ? FAULTS[detail] : undefined;
}
