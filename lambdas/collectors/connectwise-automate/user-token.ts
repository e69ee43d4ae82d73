import * as z from 'zod/mini';
import { ReportError } from '../../report/errors.ts';
import { type Auth, token } from '../../wire/auth.ts';
import { maybe } from '../../wire/forms.ts';
import { oneTimePasscode } from './one-time-passcode.ts';

/** A token's lifetime if the answer states none, or an implausible one. */
const USUAL_TOKEN_SECONDS = 3600;
const LONGEST_TOKEN_SECONDS = 24 * 3600;

const TokenAnswer = z.object({
  AccessToken: maybe(z.string()),
  ExpirationDate: maybe(z.string()),
  IsTwoFactorRequired: maybe(z.boolean()),
  IsInternalTwoFactorRequired: maybe(z.boolean()),
});

type Login = { username: string; password: string; twoFactorSecret?: string | undefined };

/** A token for a user, requested in JSON. A 200 without one is a refusal: a passcode is required. */
export const userToken = ({ username, password, twoFactorSecret }: Login): Auth =>
  token(async (exchange, now) => {
    const passcode = (at: number) =>
      twoFactorSecret === undefined ? {} : { TwoFactorPasscode: oneTimePasscode(twoFactorSecret, at) };
    const answer = await exchange({
      url: '/apitoken',
      fresh: (at) => ({ json: { UserName: username, Password: password, ...passcode(at) } }),
      schema: TokenAnswer,
    });
    if (!answer.AccessToken) {
      const asked = answer.IsTwoFactorRequired === true || answer.IsInternalTwoFactorRequired === true;
      throw new ReportError(
        'VendorAuthError',
        `ConnectWise Automate gave no token${asked ? ': the user needs a second factor' : ''}; use an integrator user`,
        { wide: true },
      );
    }
    const seconds = (Date.parse(answer.ExpirationDate ?? '') - now) / 1000;
    const believable = seconds > 0 && seconds <= LONGEST_TOKEN_SECONDS;
    return { value: answer.AccessToken, seconds: believable ? seconds : USUAL_TOKEN_SECONDS };
  });
