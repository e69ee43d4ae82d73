#!/usr/bin/env bash
# Technicians keep the year in which a device was installed in a NinjaOne custom field, a text named "installDate".
#
# Guess: ninjapy returns a text unchanged; what it makes readable by default (`convert_timestamps`) are NinjaOne's own times.
# In fact: it goes by the field's name, at any depth, in custom fields too, and reads a text of digits as seconds since 1970. The year
# 2024 becomes 33 minutes past midnight on 1 January 1970, while a true date field, in milliseconds, stays a number.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check ninjapy==0.2.3

cat > fields.py <<'PY'
import json, logging, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from ninjapy import NinjaRMMClient

class NinjaOne(BaseHTTPRequestHandler):
    """A token desk, and the custom fields of a device."""
    def do_POST(self):
        self.rfile.read(int(self.headers['content-length']))
        self.answer({'access_token': 'token', 'expires_in': 3600, 'token_type': 'Bearer'})
    def do_GET(self):
        self.answer({'installDate': '2024', 'installYear': '2024', 'patchDate': 1767225600000})
    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass

logging.disable(logging.CRITICAL)
server = HTTPServer(('127.0.0.1', 0), NinjaOne)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f'http://127.0.0.1:{server.server_port}'
print('ninjapy', version('ninjapy'))
with NinjaRMMClient(token_url=f'{url}/ws/oauth/token', client_id='id', client_secret='secret', scope='monitoring', base_url=url) as ninja:
    print(ninja.get_device_custom_fields(1))
PY
cat > expected <<'TXT'
ninjapy 0.2.3
{'installDate': '1970-01-01T00:33:44Z', 'installYear': '2024', 'patchDate': 1767225600000}
TXT
python/bin/python fields.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
