import type { BillingConfiguration } from '../billing/configuration.ts';
import { periodOf } from '../billing/period.ts';
import type { ReportConfiguration } from '../configuration/report-json.ts';
import { checkRights } from '../counting/rights.ts';
import type { Collector } from '../counting/vendor.ts';
import { VendorApi } from '../counting/vendor-api.ts';
import type { Platform } from '../platform/platform.ts';
import type { TicketMembers, TicketOrder } from '../psa/delivery/order.ts';
import type { Psa } from '../psa/delivery/psa.ts';
import { runKey } from '../psa/delivery/run-key.ts';
import { dayIn, monthIn, monthInWords } from '../report/day.ts';
import type { Organization } from '../report/organization.ts';
import { psaSettings } from '../run/delivery-settings.ts';
import { keptSecret } from '../run/kept-secret.ts';
import type { Source } from '../sources/reading/source.ts';
import { Api } from '../wire/api.ts';
import { RequestPath } from '../wire/request.ts';
import { tryRights } from '../wire/rights.ts';
import { beginReading } from './begin-reading.ts';
import type { Checks, Subject } from './subject.ts';

/** What a run would be made of. */
export type Installation = {
  configuration: ReportConfiguration;
  organizations: readonly Organization[];
  billing: BillingConfiguration | undefined;
  platform: Platform;
};

type Settings = Record<string, unknown>;

const moment = ({ clock }: Platform): string => new Date(clock.now()).toISOString();
const zoneOf = ({ configuration, platform }: Installation): string => configuration.timeZone ?? platform.timeZone;

/** Rights that are declared as a sentence: the reading is begun, which shows whether the credentials are good. */
const inOne = (right: string, where: string, check: () => Promise<unknown>): Checks => ({
  checked: tryRights([{ right, where, check }], undefined),
  isInOne: true,
  unseen: [],
});

/** A vendor, as a run would count from it. */
export function collectorSubject(collector: Collector, configuration: Settings, of: Installation): Subject {
  const { id, name, secret, setup } = collector;
  const { platform, organizations } = of;
  return {
    ...{ id, name, secret, configuration, label: name, create: setup.create },
    async open(given, listening): Promise<Checks> {
      const opened = collector.open(
        { secret: given, configuration },
        {
          asOf: moment(platform),
          timeZone: zoneOf(of),
          mapped: organizations.flatMap(({ integrationIds }) => integrationIds.get(id) ?? []),
          ...keptSecret(platform, collector, 'the check of the credentials', listening.session),
        },
      );
      if (opened.rights.length > 0) return { checked: checkRights(opened, listening.session), unseen: [] };
      const api = new VendorApi(new RequestPath(opened.api, listening.session));
      const check = () => beginReading(opened.collect(api), listening);
      return inOne(setup.rights, setup.create, check);
    },
  };
}

/** The PSA that the report is delivered to, with the ticket that a run would make there. */
export function psaSubject(psa: Psa, configuration: Settings, of: Installation): Subject {
  const { id, name, secret, setup } = psa;
  return {
    ...{ id, name, secret, configuration, label: `${name} (tickets)`, create: setup.create },
    async open(given, { session }): Promise<Checks> {
      const ticket = ticketOf(of);
      const order = orderOf(of, ticket ?? NOBODYS);
      const { rights, unseen, fits } = psa.openRights({ secret: given, configuration }, session, order);
      const checked = tryRights(rights, undefined);
      return { checked, unseen, ...(ticket === undefined ? {} : { afterwards: fits }) };
    },
  };
}

/** The ticket of a company that there is nowhere: enough to look for, and none is found. */
const NOBODYS: TicketMembers = { companyId: 0 };

/** Undefined where no ticket is due and nobody said whose it would be. Errors: `ConfigurationError` where one is due. */
function ticketOf({ configuration, organizations }: Installation): TicketMembers | undefined {
  const isDue = configuration.delivery.mechanism === 'psa';
  return psaSettings(configuration, organizations, isDue)?.ticket;
}

function orderOf(of: Installation, ticket: TicketMembers): TicketOrder {
  const asOf = moment(of.platform);
  const { managingOrganization } = of.configuration;
  return {
    runKey: runKey({ runId: 'doctor', managingOrganization, organizations: [], integrations: [] }),
    title: 'Billing Reconciliation',
    month: monthInWords(monthIn(asOf, zoneOf(of))),
    ...{ asOf, plain: '', html: '', ticket },
  };
}

/** A PSA that billing.json reads from; `options` are those of its source there. */
export function sourceSubject(
  source: Source,
  create: string,
  configuration: Settings,
  options: Settings,
  of: Installation,
): Subject {
  const { id, name, secret } = source;
  return {
    ...{ id, name, secret, configuration, label: `${name} (agreements)`, create },
    async open(given, listening): Promise<Checks> {
      const opened = source.open({ secret: given, configuration, options });
      const { session } = listening;
      if (opened.rights.length > 0) {
        const api = new Api(new RequestPath(opened.api, session));
        return { checked: tryRights(opened.rights, api), unseen: [] };
      }
      const period = periodOf(of.billing?.period ?? 'current', dayIn(moment(of.platform), zoneOf(of)));
      const check = () => beginReading(opened.read(period, session, () => false).parts, listening);
      return inOne(source.rights, create, check);
    },
  };
}
