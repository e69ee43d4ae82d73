#!/usr/bin/env bash
# A script counts the users of a Microsoft 365 tenant. Microsoft Graph filters after it has cut the pages, so a page in the middle can
# be empty although it names the next one; its documentation says to go on while there is an `@odata.nextLink`.
#
# Guess: the page iterators of Microsoft's own SDK and of O365 do that.
# In fact: both of them end at the empty page, without an error. The JavaScript client does go on.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check msgraph-sdk==1.65.0 msgraph-core==1.5.2 O365==2.1.10
npm install --silent --no-audit --no-fund --no-save @microsoft/microsoft-graph-client@3.0.7

cat > graph.py <<'PY'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

PAGES = [['anna', 'ben'], [], ['carla']]

class Graph(BaseHTTPRequestHandler):
    """Three users in three pages, the second of which is empty."""
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        page = int(parse_qs(urlparse(self.path).query).get('$skiptoken', ['0'])[0])
        answer = {'value': [{'id': name, 'displayName': name} for name in PAGES[page]]}
        if page + 1 < len(PAGES):
            answer['@odata.nextLink'] = f'http://{self.headers["host"]}/v1.0/users?$skiptoken={page + 1}'
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

def server():
    return ThreadingHTTPServer(('127.0.0.1', 0), Graph)
PY
cat > count.py <<'PY'
import asyncio, threading
from importlib.metadata import version
import requests
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph_core import PageIterator
from O365 import Account, MSGraphProtocol
import graph

server = graph.server()
threading.Thread(target=server.serve_forever, daemon=True).start()
origin = f'http://127.0.0.1:{server.server_port}'

async def with_sdk():
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider())
    adapter.base_url = f'{origin}/v1.0'
    users = []
    iterator = PageIterator(await GraphServiceClient(request_adapter=adapter).users.get(), adapter)
    await iterator.iterate(lambda user: users.append(user) or True)
    return users

class LocalProtocol(MSGraphProtocol):
    _protocol_url = f'{origin}/'

def with_o365():
    account = Account(('id', 'secret'), auth_flow_type='credentials', tenant_id='tenant', protocol=LocalProtocol())
    account.con.session = requests.Session()
    account.con.session.headers['Authorization'] = 'Bearer token'
    return list(account.directory(resource='').get_users(limit=None, batch=2))

print('msgraph-core', version('msgraph-core'), len(asyncio.run(with_sdk())), 'of 3')
print('O365', version('O365'), len(with_o365()), 'of 3')
PY
cat > serve.py <<'PY'
import graph
server = graph.server()
print(server.server_port, flush=True)
server.serve_forever()
PY
cat > count.mjs <<'JS'
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { Client, PageIterator } = require('@microsoft/microsoft-graph-client');
const { version } = require('@microsoft/microsoft-graph-client/package.json');
const graph = spawn('python/bin/python', ['serve.py']);
const port = await new Promise((resolve) => graph.stdout.once('data', (text) => resolve(Number(text))));
const client = Client.init({
  baseUrl: `http://127.0.0.1:${port}`,
  customHosts: new Set(['127.0.0.1']),
  authProvider: (done) => done(null, 'token'),
});
const users = [];
const iterator = new PageIterator(client, await client.api('/users').get(), (user) => {
  users.push(user);
  return true;
});
await iterator.iterate();
console.log('@microsoft/microsoft-graph-client', version, users.length, 'of 3');
graph.kill();
JS
cat > expected <<'TXT'
msgraph-core 1.5.2 2 of 3
O365 2.1.10 2 of 3
@microsoft/microsoft-graph-client 3.0.7 3 of 3
TXT
{ python/bin/python count.py && node count.mjs; } | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
