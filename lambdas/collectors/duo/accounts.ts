import * as z from 'zod/mini';
import { aside, figure, itself } from '../../counting/row-forms.ts';
import { filled, maybe, textLike } from '../../wire/forms.ts';
import { whole } from '../../wire/list-paging.ts';
import { list } from '../../wire/lists.ts';

/** An API host name, without scheme. */
export const host = textLike(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.duo(security|federal)\.com$/iu, 'api-….duosecurity.com');

const account = {
  account_id: itself(filled),
  name: aside(z.string()),
  api_hostname: figure(maybe(host)),
};

/** A refusal may come with any status. */
const answered = z.looseObject({ stat: z.literal('OK'), response: z.array(z.unknown()) });

/** The accounts below a parent: a POST without parameters, whose body depends on the version of the signature. */
export const accountsBy = (signatureVersion: 2 | 5) =>
  list(
    '/accounts/v1/account/list',
    account,
    { ...whole('response'), envelope: answered },
    { key: 'account_id', method: 'POST', ...emptyBody(signatureVersion) },
  );

export const emptyBody = (signatureVersion: 2 | 5) => (signatureVersion === 2 ? { form: {} } : { json: {} });
