import { checkRights } from '../counting/rights.ts';
import type { Collector } from '../counting/vendor.ts';
import { VendorApi } from '../counting/vendor-api.ts';
import type { Platform } from '../platform/platform.ts';
import { keptSecret } from '../run/kept-secret.ts';
import { readMisplaced } from '../run/misplaced.ts';
import { RequestPath } from '../wire/request.ts';
import { beginReading } from './begin-reading.ts';
import type { CountsCheck } from './check.ts';
import { inOne } from './in-one.ts';
import { momentOf } from './moment.ts';
import type { Checks, Subject } from './subject.ts';

/** A vendor that a run would count from. */
export function countingSubject(collector: Collector, check: CountsCheck, platform: Platform): Subject {
  const { id, name, secret, setup } = collector;
  return {
    ...{ id, name, secret, label: name, create: setup.create },
    configuration: async () => ({
      ...check.configuration,
      ...(await readMisplaced(platform.objects, id, check.misplaced)),
    }),
    async open({ secret: credentials, configuration }, listening): Promise<Checks> {
      const { session } = listening;
      const opened = collector.open(
        { secret: credentials, configuration },
        {
          ...momentOf(platform, check),
          // Which ids are mapped only matters once everything is read.
          mapped: [],
          ...keptSecret(platform, collector, 'the check of the credentials', session),
        },
      );
      if (opened.rights.length > 0) return { checked: checkRights(opened, session), unseen: [] };
      const api = new VendorApi(new RequestPath(opened.api, session));
      return inOne(setup.rights, setup.create, () => beginReading(opened.collect(api), listening));
    },
  };
}
