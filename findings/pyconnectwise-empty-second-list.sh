#!/usr/bin/env bash
# A script asks ConnectWise PSA for companies with one set of parameters: first all pages, later a short list.
#
# Guess: the parameters belong to the script and do not change, so the second call starts at the first page.
# In fact: pyconnectwise writes page and page size into the dictionary it is given. The second call asks for the page after the last
# one, and gets an empty list.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pyconnectwise==0.6.1.2

cat > companies.py <<'PY'
import json, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from urllib.parse import parse_qs, urlsplit
from pyconnectwise import ConnectWiseManageAPIClient

COMPANIES = [{'id': number, 'identifier': f'C{number}', 'name': f'Company {number}'} for number in range(1, 6)]

class ConnectWise(BaseHTTPRequestHandler):
    """Five companies in pages, with the Link header."""
    def do_GET(self):
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        page, size = (int(query.get(name, [default])[0]) for name, default in (('page', '1'), ('pageSize', '25')))
        more = page * size < len(COMPANIES)
        link = f'<{address.path}?pageSize={size}&page={page + 1}>; rel="next"'
        body = json.dumps(COMPANIES[(page - 1) * size : page * size]).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        if more:
            self.send_header('Link', link)
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
parameters = {'orderBy': 'id'}
print('all pages:', [company.id for company in companies.paginated(1, 2, parameters).all()])
print('parameters:', parameters)
print('with them once more:', [company.id for company in companies.get(params=parameters)])
PY
cat > expected <<'TXT'
pyconnectwise 0.6.1.2
all pages: [1, 2, 3, 4, 5]
parameters: {'orderBy': 'id', 'page': 4, 'pageSize': 2}
with them once more: []
TXT
python/bin/python companies.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
