import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { token } from '../../wire/auth.ts';
import { filled, httpsAddress, maybe, textLike } from '../../wire/forms.ts';
import { optional, required } from '../../wire/options.ts';
import type { ApiDeclaration } from '../../wire/request.ts';
import { enveloped, isSecurityError, name, wordsOf } from './envelope.ts';

/** A token's lifetime if the answer does not state one. */
const TOKEN_SECONDS = 3600;

const Login = enveloped(z.object({ accesstoken: filled, accesstokenexpireon: maybe(z.string()) }));

const secret = z.strictObject({
  userName: required('user name of the API employee'),
  password: required('password of the API employee'),
  tenant: required('the company name of My Settings'),
  apiBaseUrl: required('address of the API, such as https://api.bms.kaseya.com', httpsAddress),
  webBaseUrl: optional(httpsAddress, 'where people open tickets; by default the API\'s address without its "api."'),
  ticketModuleId: required(
    'number of the ticket module in this tenant, for attachments',
    z.union([z.int().check(z.nonnegative()), textLike(/^\d+$/u, 'a number')]),
  ),
  mfaCode: optional(z.string(), 'second factor, which works only once: better use a user without one'),
});

const configuration = z.strictObject({
  sourceId: optional(
    z.int(),
    'number of the ticket source, which BMS requires but does not list; or SourceId under extra',
  ),
});

/** Where its rights are given. */
export const ROLE = 'Admin > Security > Roles > the role of the API employee';

/** How Kaseya BMS is reached, for tickets and for contracts. */
export const bms = {
  id: 'kaseya-bms',
  name,
  secret,
  configuration,
  api: ({ apiBaseUrl, userName, password, tenant, mfaCode }: z.output<typeof secret>): ApiDeclaration => ({
    name,
    base: apiBaseUrl,
    auth: token(async (exchange, now) => {
      const answer = await exchange({
        url: '/v2/security/authenticate',
        form: {
          UserName: userName,
          Password: password,
          Tenant: tenant,
          GrantType: 'password',
          ...(mfaCode === undefined ? {} : { MFACode: mfaCode }),
        },
        schema: Login,
      });
      if (!answer.success) throw refusedLogin(wordsOf(answer), [userName, password, tenant]);
      const { accesstoken, accesstokenexpireon } = answer.result;
      return { value: accesstoken, seconds: secondsUntil(accesstokenexpireon, now) };
    }),
    limit: { requests: 1500, perSeconds: 3600, concurrency: 2 },
    classify: ({ status, body }) => (status === 200 && isSecurityError(body) ? { verdict: 'unauthorized' } : undefined),
  }),
};

/** BMS's words are reported unless they repeat a credential. */
const refusedLogin = (words: string, credentials: readonly string[]): ReportError =>
  new ReportError(
    'VendorAuthError',
    `${name} POST /v2/security/authenticate refused the credentials` +
      (credentials.some((credential) => words.includes(credential)) ? '' : ` (${words})`),
    { wide: true },
  );

/** An instant without a zone is UTC. */
function secondsUntil(instant: string | null | undefined, now: number): number {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/iu.test(instant ?? '') ? instant : `${instant}Z`;
  const seconds = (Date.parse(zoned ?? '') - now) / 1000;
  return seconds > 0 ? seconds : TOKEN_SECONDS;
}
