#!/usr/bin/env bash
# A script looks up an organization in IT Glue by its name before it creates one. Many company names contain an "&".
#
# Guess: the name is encoded, and IT Glue is asked for "Smith & Sons".
# In fact: itglue joins the filter as plain text. The "&" ends the value, IT Glue is asked for "Smith ", and a "#" cuts off the rest.
# `first_or_create`, which looks up the same way, finds nothing and creates the customer again.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check itglue==0.2.0

cat > organizations.py <<'PY'
import json, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from urllib.parse import parse_qs, urlsplit
import itglue

asked = []
class ItGlue(BaseHTTPRequestHandler):
    """An IT Glue without organizations."""
    def do_GET(self):
        asked.append(parse_qs(urlsplit(self.path).query))
        body = json.dumps({'data': [], 'meta': {'next-page': None, 'total-count': 0}, 'links': {}}).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/vnd.api+json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

server = HTTPServer(('127.0.0.1', 0), ItGlue)
threading.Thread(target=server.serve_forever, daemon=True).start()
itglue.connection.set_credentials(api_key='key', api_url=f'http://127.0.0.1:{server.server_port}')
print('itglue', version('itglue'))
for name in ('Contoso, Inc.', 'Smith & Sons', 'Tool #1', 'A+B'):
    itglue.Organization.filter(name=name)
    print(name, '->', asked[-1])
PY
cat > expected <<'TXT'
itglue 0.2.0
Contoso, Inc. -> {'filter[name]': ['Contoso, Inc.']}
Smith & Sons -> {'filter[name]': ['Smith ']}
Tool #1 -> {'filter[name]': ['Tool ']}
A+B -> {'filter[name]': ['A B']}
TXT
python/bin/python organizations.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
