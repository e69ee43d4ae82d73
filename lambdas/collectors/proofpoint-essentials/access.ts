import * as z from 'zod/mini';
import { type Auth, headers } from '../../wire/auth.ts';
import { textLike } from '../../wire/forms.ts';
import { required } from '../../wire/options.ts';

/** An administrator of the partner on one stack. */
export const access = {
  stack: required(
    'the stack, as in the address of the console',
    textLike(/^[a-z]{2}\d{1,2}$/iu, 'a stack such as us1 or eu1'),
  ),
  partnerDomain: required(
    "primary domain of the partner's own organization",
    textLike(/^[^\s@/]+\.[^\s@/.]+$/u, 'a domain'),
  ),
  username: required('user name of the administrator'),
  password: required('its password'),
};
const Access = z.strictObject(access);
export type Access = z.output<typeof Access>;

type Given = { [member in keyof Access]?: string | undefined } & { stacks?: Access[] | undefined };

/** One stack or several, as in the secret. */
export const accessesOf = ({ stacks, ...credentials }: Given): Access[] => stacks ?? [z.parse(Access, credentials)];

export const baseOf = (stack: string): string => `https://${stack.toLowerCase()}.proofpointessentials.com/api/v1`;

/** The address of an administrator's calls, and its name. */
export const credentialsOf = ({ stack, username, password }: Access): { base: string; auth: Auth } => ({
  base: baseOf(stack),
  auth: headers({ 'x-user': username, 'x-password': password }),
});
