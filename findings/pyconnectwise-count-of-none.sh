#!/usr/bin/env bash
# A script counts companies or agreements in ConnectWise PSA while the server is busy: it answers 429, or 503 in a maintenance window.
#
# Guess: pyconnectwise raises an error, as it does for 400, 401, 403, 404, 409 and 500.
# In fact: it reads the body of any other refusal as the requested object. Missing fields are None: the result is a `Count` without a
# count, and `total += result.count or 0` bills nobody.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pyconnectwise==0.6.1.2

cat > count.py <<'PY'
import json, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pyconnectwise import ConnectWiseManageAPIClient

status = 200

class ConnectWise(BaseHTTPRequestHandler):
    """Five companies, and the refusals of a busy server."""
    def do_GET(self):
        value = {'count': 5} if status == 200 else {'code': 'Refused', 'message': 'Try again later'}
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

server = HTTPServer(('127.0.0.1', 0), ConnectWise)
threading.Thread(target=server.serve_forever, daemon=True).start()

class LocalClient(ConnectWiseManageAPIClient):
    """The client as it is, but for https."""
    def _get_url(self):
        return f'http://127.0.0.1:{server.server_port}/v4_6_release/apis/3.0'

companies = LocalClient('msp', 'localhost', 'client', 'public', 'private', codebase='v4_6_release/').company.companies
print('pyconnectwise', version('pyconnectwise'))
for status in (200, 429, 502, 503, 500):
    try:
        print(status, repr(companies.count.get()))
    except Exception as error:
        print(status, type(error).__name__)
PY
cat > expected <<'TXT'
pyconnectwise 0.6.1.2
200 Count(count=5)
429 Count(count=None)
502 Count(count=None)
503 Count(count=None)
500 ServerError
TXT
python/bin/python count.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
