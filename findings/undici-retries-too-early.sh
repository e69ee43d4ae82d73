#!/usr/bin/env bash
# A vendor that is asked too often answers 429 with `Retry-After: 40`; asked again earlier, it counts that too and refuses longer.
#
# Guess: undici's RetryAgent, which reads Retry-After by default, asks again after 40 seconds.
# In fact: after 30. `maxTimeout`, by default 30 seconds, limits not only its own growing pauses but also what the server asked for.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --no-save undici@7.29.0

cat > retry.mjs <<'JS'
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Agent, RetryAgent, request } from 'undici';
const { version } = createRequire(import.meta.url)('undici/package.json');

const asked = [];
const server = createServer((_, response) => {
  asked.push(performance.now());
  if (asked.length === 1) response.writeHead(429, { 'retry-after': '40' });
  response.end('{}');
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const dispatcher = new RetryAgent(new Agent({ keepAliveTimeout: 1 }));
const { statusCode } = await request(`http://127.0.0.1:${server.address().port}/`, { dispatcher });
const [first, second] = asked;
console.log(`undici ${version}`);
console.log(`told to wait 40 s, waited ${Math.round((second - first) / 1000)} s, then ${statusCode}`);
await dispatcher.close();
server.close();
JS
cat > expected <<'TXT'
undici 7.29.0
told to wait 40 s, waited 30 s, then 200
TXT
node retry.mjs | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
