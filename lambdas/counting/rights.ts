import { isReportError, type ReportError } from '../report/errors.ts';
import { RequestPath } from '../wire/request.ts';
import type { Session } from '../wire/session.ts';
import type { Given } from '../wire/settings.ts';
import type { RunContext } from './run-context.ts';
import type { Collector } from './vendor.ts';
import { VendorApi } from './vendor-api.ts';

/** One thing that the credentials must be allowed to do. */
export type Right<S> = {
  /** As the vendor's portal calls it. */
  right: string;
  /** Where in the portal it is given. */
  where: string;
  /** The cheapest harmless call that needs it: one row, if it can be. Rejects as the request path does. */
  check: (api: VendorApi, settings: S) => Promise<unknown>;
};

/** A right of an integration whose settings were read. */
export type OpenRight = { right: string; where: string; check: (api: VendorApi) => Promise<unknown> };

/** The rights in one sentence for the documentation; the place is named once where all are given there. */
export function rightsSentence(rights: readonly Pick<Right<never>, 'right' | 'where'>[]): string {
  return [...Map.groupBy(rights, ({ where }) => where)]
    .map(([where, there]) => `${there.map(({ right }) => right).join(', ')} (${where})`)
    .join('; ');
}

/** Whether a right is there, and what the vendor said where it is not. */
export type RightChecked = { right: string; where: string; refusal: ReportError | undefined };

/** Tries the rights of an integration one after the other. Errors: `ConfigurationError` for bad settings, and what is no refusal. */
export async function* checkRights(
  collector: Collector,
  given: Given,
  run: RunContext,
  session: Session,
): AsyncGenerator<RightChecked> {
  session.redactor.hide(given.secret);
  const { api, rights } = collector.open(given, run);
  const vendorApi = new VendorApi(new RequestPath(api, session));
  for (const { right, where, check } of rights) {
    let refusal: ReportError | undefined;
    try {
      await check(vendorApi);
    } catch (error) {
      if (!isReportError(error)) throw error;
      refusal = error;
    }
    yield { right, where, refusal };
  }
}
