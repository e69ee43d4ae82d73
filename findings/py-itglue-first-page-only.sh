#!/usr/bin/env bash
# A script counts the configurations of IT Glue with `list_all`, which goes through all pages by its own description.
#
# Guess: it goes on while IT Glue names a next page, in `meta.next-page`.
# In fact: py-itglue waits for a member `has-next-page`, which IT Glue does not send. The list ends after the first page of 50, and its
# `total-count` is the number of rows read, not IT Glue's. The package's own `iterate_items` reads `next-page` and finds all.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check py-itglue==0.2.6 requests==2.32.5

cat > count.py <<'PY'
import json, logging
from importlib.metadata import version
from urllib.parse import parse_qs, urlparse
import requests, structlog
from itglue import ITGlueClient, ITGlueConfig

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
TOTAL, SIZE = 120, 50

def answer(session, request, **_):
    """A page of IT Glue's configurations, without a connection to it."""
    page = int(parse_qs(urlparse(request.url).query).get('page[number]', ['1'])[0])
    numbers = range((page - 1) * SIZE + 1, min(page * SIZE, TOTAL) + 1)
    last = -(-TOTAL // SIZE)
    meta = {'current-page': page, 'next-page': page + 1 if page < last else None, 'prev-page': page - 1 or None}
    meta |= {'total-pages': last, 'total-count': TOTAL}
    rows = [{'id': str(number), 'type': 'configurations', 'attributes': {'name': f'PC {number}'}} for number in numbers]
    response = requests.Response()
    response.request, response.url, response.status_code = request, request.url, 200
    response._content = json.dumps({'data': rows, 'meta': meta, 'links': {}}).encode()
    return response

requests.Session.send = answer
client = ITGlueClient(ITGlueConfig(api_key='ITG.key'))
print('py-itglue', version('py-itglue'), 'of', TOTAL, 'configurations')
everything = client.configurations.list_all()
print('list_all:', len(everything.data), 'with total-count', everything.meta['total-count'])
print('iterate_items:', sum(1 for _ in client.pagination.iterate_items('configurations')))
PY
cat > expected <<'TXT'
py-itglue 0.2.6 of 120 configurations
list_all: 50 with total-count 50
iterate_items: 120
TXT
python/bin/python count.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
