import type { Platform } from '../platform/platform.ts';
import { readMisplaced } from '../run/misplaced.ts';
import type { Source } from '../sources/reading/source.ts';
import { Api } from '../wire/api.ts';
import { RequestPath } from '../wire/request.ts';
import { tryRights } from '../wire/rights.ts';
import type { BilledCheck } from './check.ts';
import type { Checks, Subject } from './subject.ts';

/** A PSA that billing.json reads from. */
export function billedSubject(source: Source, check: BilledCheck, platform: Platform): Subject {
  const { id, name, secret } = source;
  const { create, options, misplaced } = check;
  return {
    ...{ id, name, secret, label: `${name} (agreements)`, create },
    configuration: async () => ({ ...check.configuration, ...(await readMisplaced(platform.objects, id, misplaced)) }),
    async open(settings, listening): Promise<Checks> {
      const opened = source.open({ ...settings, options });
      const { session } = listening;
      const api = new Api(new RequestPath(opened.api, session));
      return { checked: tryRights(opened.rights, { api, redactor: session.redactor }), unseen: opened.unseen };
    },
  };
}
