#!/usr/bin/env bash
# A script reads ConnectWise's price list and the additions of an agreement, to compare what is billed with what is there.
#
# Guess: `pullCWCatalogItems` gives the products that ConnectWise gives, and `pullCWAddition` the additions that are billed today.
# In fact: connectwisemanageapi keeps only products whose identifier begins with 5, and leaves out every addition that has a cancellation
# date, even one of next year, until which it is billed. Neither is written anywhere but in its code.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check connectwisemanageapi==0.3.9 requests==2.32.5

cat > pull.py <<'PY'
import json
from importlib.metadata import version
import requests
from ConnectWiseManageAPI import CWFunctions

DATA = {
    'procurement/catalog/': [{'id': 1, 'identifier': '5001'}, {'id': 2, 'identifier': '6001'}, {'id': 3, 'identifier': 'BACKUP'}],
    'finance/agreements/7/additions': [
        {'id': 1, 'quantity': 5, 'effectiveDate': '2026-01-01T00:00:00Z'},
        {'id': 2, 'quantity': 20, 'effectiveDate': '2026-01-01T00:00:00Z', 'cancelledDate': '2099-12-31T00:00:00Z'},
    ],
}

def answer(session, request, **_):
    """ConnectWise's answers, without a connection to it."""
    response = requests.Response()
    response.request, response.url, response.status_code = request, request.url, 200
    response._content = json.dumps(DATA[request.url.partition('/3.0/')[2].partition('?')[0]]).encode()
    return response

requests.Session.send = answer
account = CWFunctions.connectCWManage('msp', 'public', 'private', 'client'), 'https://psa.test/v4_6_release/apis/3.0/'
print('connectwisemanageapi', version('connectwisemanageapi'))
print('catalogue:', *(item['identifier'] for item in CWFunctions.pullCWCatalogItems(*account, {'page': 1, 'pageSize': 1000})))
print('quantities:', *(addition['quantity'] for addition in CWFunctions.pullCWAddition(*account, 7)))
PY
cat > expected <<'TXT'
connectwisemanageapi 0.3.9
catalogue: 5001
quantities: 5
TXT
python/bin/python pull.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
