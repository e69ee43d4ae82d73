#!/usr/bin/env bash
# A script reads ConnectWise PSA with `retry: true`, so that a busy moment does not end the run.
#
# Guess: a broken connection is retried, up to `retries` times, and so is an answer of 429 or 503.
# In fact: connectwise-rest retries nothing. It looks for the error's code (ECONNRESET, …), but passes itself an error without one.
# The first hiccup ends a whole `paginate`, and what was read before is lost.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . connectwise-rest@1.3.0

cat > retry.mjs <<'JS'
import { createServer } from 'node:http';
import connectwise from 'connectwise-rest';

/** Answers as `answers` say, in turn; a number is a status, `reset` ends the connection. */
const requestsFor = async (...answers) => {
  let requests = 0;
  const server = createServer((request, response) => {
    const answer = answers[requests++] ?? 200;
    if (answer === 'reset') return request.socket.destroy();
    response.writeHead(answer, { 'content-type': 'application/json', ...(answer === 429 ? { 'retry-after': '0' } : {}) });
    response.end(answer === 200 ? '{"count":5}' : '{"code":"TooManyRequests","message":"Rate limit reached"}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const manage = new connectwise.ManageAPI({
    companyId: 'msp', companyUrl: 'localhost', publicKey: 'public', privateKey: 'private', clientId: 'client',
    retry: true, retryOptions: { retries: 4, minTimeout: 1, maxTimeout: 5 }, logger: () => {},
  });
  manage.CompanyAPI.instance.defaults.baseURL = `http://127.0.0.1:${server.address().port}`;
  const result = await manage.CompanyAPI.getCompanyCompaniesCount({}).then(({ count }) => count, (error) => error.message);
  server.close();
  return `${requests} request${requests === 1 ? '' : 's'}, ${result}`;
};
console.log('connectwise-rest 1.3.0, retry: true');
console.log('reset, then 200:', await requestsFor('reset', 200));
console.log('429, then 200:', await requestsFor(429, 200));
console.log('503, then 200:', await requestsFor(503, 200));
JS
cat > expected <<'TXT'
connectwise-rest 1.3.0, retry: true
reset, then 200: 1 request, socket hang up
429, then 200: 1 request, Request failed with status code 429
503, then 200: 1 request, Request failed with status code 503
TXT
node retry.mjs | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
