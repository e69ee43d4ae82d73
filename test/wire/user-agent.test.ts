import { expect, it } from 'vitest';
import { clientCredentials } from '../../lambdas/wire/auth.ts';
import { USER_AGENT } from '../../lambdas/wire/user-agent.ts';
import project from '../../package.json' with { type: 'json' };
import { requestPath, wire } from './wire.ts';

it('names the product and its version as package.json does', () => {
  expect(USER_AGENT).toBe(`${project.name}/${project.version}`);
});

it('goes with every request, the one for a token included', async () => {
  const w = wire({ json: { access_token: 'an-access-token-of-some-length' } }, { json: {} });
  await requestPath(w, { auth: clientCredentials({ url: '/token', fields: {} }) }).send('GET', '/x');
  expect(w.sent.map(({ headers }) => headers['user-agent'])).toEqual([USER_AGENT, USER_AGENT]);
});

it('gives way to the one that a vendor asks for', async () => {
  const w = wire({ json: {} });
  await requestPath(w, { headers: { 'user-agent': 'partner-4711' } }).send('GET', '/x');
  expect(w.sent[0]?.headers['user-agent']).toBe('partner-4711');
});
