import { periodOf } from '../billing/period.ts';
import type { Platform } from '../platform/platform.ts';
import { dayIn } from '../report/day.ts';
import { readMisplaced } from '../run/misplaced.ts';
import type { Source } from '../sources/reading/source.ts';
import { Api } from '../wire/api.ts';
import { RequestPath } from '../wire/request.ts';
import { tryRights } from '../wire/rights.ts';
import { beginReading } from './begin-reading.ts';
import type { BilledCheck } from './check.ts';
import { inOne } from './in-one.ts';
import { momentOf } from './moment.ts';
import type { Checks, Subject } from './subject.ts';

/** A PSA that billing.json reads from. */
export function billedSubject(source: Source, check: BilledCheck, platform: Platform): Subject {
  const { id, name, secret } = source;
  const { create, options, misplaced } = check;
  return {
    ...{ id, name, secret, label: `${name} (agreements)`, create },
    configuration: async () => ({ ...check.configuration, ...(await readMisplaced(platform.objects, id, misplaced)) }),
    async open(given, listening): Promise<Checks> {
      const opened = source.open({ ...given, options });
      const { session } = listening;
      if (opened.rights.length > 0) {
        const api = new Api(new RequestPath(opened.api, session));
        return { checked: tryRights(opened.rights, { api, redactor: session.redactor }), unseen: opened.unseen };
      }
      const { asOf, timeZone } = momentOf(platform, check);
      const period = periodOf(check.period, dayIn(asOf, timeZone));
      const begin = () => beginReading(opened.read(period, session, () => false).parts, listening);
      return inOne(source.rights, create, begin);
    },
  };
}
