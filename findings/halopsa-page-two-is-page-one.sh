#!/usr/bin/env bash
# A script reads the assets of HaloPSA page by page, with the parameters that the method's own documentation names.
#
# Guess: `Assets.search(paginate=True, page_size=100, page_no=2)` of the Python package halopsa asks for page 2.
# In fact: the parameter is `pageinate`, as Halo spells it. The documented name is passed on as an unknown one beside `pageinate=False`,
# and page size and number are left out: every page is the first answer again, and a sum over the pages counts it each time.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check halopsa==2.0.2 requests==2.32.5

cat > pages.py <<'PY'
import inspect, json
from importlib.metadata import version
from urllib.parse import urlparse
import requests
from HaloPSA.Halo import Halo

asked = []

def answer(session, request, **_):
    """Halo's answers, without a connection to it: a token, and assets."""
    address = urlparse(request.url)
    response = requests.Response()
    response.request, response.url, response.status_code = request, request.url, 200
    if address.path == '/auth/token':
        response._content = json.dumps({'access_token': 'token'}).encode()
    else:
        asked.append(address.query)
        response._content = json.dumps({'record_count': 250, 'assets': []}).encode()
    return response

requests.Session.send = answer
assets = Halo('msp', 'id', 'secret').Assets
print('halopsa', version('halopsa'))
documented = [line.split()[0] for line in inspect.getdoc(assets.search).splitlines() if 'use Pagination' in line]
print('documented:', *documented)
assets.search(paginate=True, page_size=100, page_no=2)
assets.search(pageinate=True, page_size=100, page_no=2)
print('paginate:', asked[0])
print('pageinate:', asked[1])
PY
cat > expected <<'TXT'
halopsa 2.0.2
documented: paginate
paginate: pageinate=False&paginate=True
pageinate: pageinate=True&page_size=100&page_no=2
TXT
python/bin/python pages.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
