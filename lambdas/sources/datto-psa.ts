import * as z from 'zod/mini';
import { currencyCode } from '../billing/billed-csv/settings.ts';
import { datto } from '../psa/datto-psa/access.ts';
import { Autotask } from '../psa/datto-psa/autotask.ts';
import { quantity } from '../report/quantity.ts';
import { optional } from '../wire/options.ts';
import { currencyOf } from './datto-psa/currency.ts';
import { lineOf } from './datto-psa/line.ts';
import { companiesOf, contractsOf, countingRulesOf, periodsOf, unitRowsOf } from './datto-psa/lists.ts';
import { positionsOf } from './datto-psa/positions.ts';
import { rights } from './datto-psa/rights.ts';
import { strayUnits, unitsByPosition } from './datto-psa/units.ts';
import { customer, line, note, unread } from './reading/fact.ts';
import { apart } from './reading/odd-row.ts';
import { source } from './reading/source.ts';

/**
 * Services and bundles of recurring contracts. Their quantity is in a unit row for each billing period, or part of one:
 * the row that covers the first day of the period has the full number. Contracts are not filtered by status, because
 * inactive ones still bill.
 */
export default source({
  psa: datto,
  rights,
  namesCurrency: false,
  options: z.strictObject({
    currency: optional(
      currencyCode,
      'ISO 4217, such as USD; Datto PSA names none, and without it no difference is shown in money',
    ),
  }),
  async *read({ api, period, redactor }, settings) {
    const zone = new Autotask(api, settings, { redactor }, 'VendorContractError');
    const companies = await companiesOf(zone);
    for (const { id, companyName } of companies.values()) yield customer(id, companyName);

    const unitRows = await unitRowsOf(zone, period);
    const listed = await contractsOf(zone, period, unitRows);
    const { sound, odd } = apart(listed);
    for (const row of odd) yield unread(row.companyID, row.odd);
    const contracts = new Map(sound.map((contract) => [contract.id, contract]));

    const { sound: soundUnits, odd: oddUnits } = apart(unitRows);
    const units = unitsByPosition(soundUnits, period);
    const owners = new Map(listed.map(({ id, companyID }) => [id, companyID]));
    const { positions, odd: oddPositions } = await positionsOf(zone, [...owners.keys()]);
    for (const { contractID, odd } of [...strayUnits(soundUnits, positions), ...oddUnits, ...oddPositions]) {
      const companyID = owners.get(contractID);
      if (companyID === undefined) throw odd;
      yield unread(companyID, odd);
    }
    const { currency, remark } = currencyOf(companies, contracts, settings.currency);
    if (remark !== undefined) yield note(remark);
    const periods = await periodsOf(zone);
    let posted = 0;
    for (const position of positions) {
      const contract = contracts.get(position.contractId);
      if (contract === undefined) continue;
      const rows = units.get(position.id);
      const payer = { ...contract, companyName: companies.get(contract.companyID)?.companyName };
      yield line(
        lineOf({ position, contract: payer, rows, months: periods.get(contract.contractPeriodType), currency }),
      );
      if (rows?.current?.isPosted === true) posted += 1;
    }
    if (posted > 0) yield note(`${quantity(posted, 'line')} already posted for ${period.month}`);
    const inactive = [...contracts.values()].filter(({ status }) => status !== 1).length;
    if (inactive > 0) yield note(`${quantity(inactive, 'contract')} inactive and not ended: they still bill`);
    yield* countingRulesOf(zone);
  },
});
