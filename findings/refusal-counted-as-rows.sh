#!/usr/bin/env bash
# A script counts a customer's agreements in ConnectWise and the devices in NinjaOne. The key has no right to read them.
#
# Guess: a refusal raises an error, or the answer can be told from a list.
# In fact: connectwisemanageapi and ninjarmmpy do not look at the status. The first makes a list of the names of the error's members: a
# customer has three agreements. The second hands on the error itself, and `len` of it is a number as well.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check connectwisemanageapi==0.3.9 ninjarmmpy==0.2.1 requests==2.32.5

cat > count.py <<'PY'
import json
from importlib.metadata import version
import requests
from ConnectWiseManageAPI import CWFunctions
from ninjarmmpy import Client

def answer(session, request, **_):
    """The refusal of each vendor, in the shape that it has, without a connection to it."""
    ninja = {'resultCode': 'FAILURE', 'errorMessage': 'Not allowed'}
    connectwise = {'code': 'Forbidden', 'message': 'You do not have permission', 'errors': []}
    response = requests.Response()
    response.request, response.url, response.status_code = request, request.url, 403
    response._content = json.dumps(ninja if 'ninja' in request.url else connectwise).encode()
    return response

requests.Session.send = answer
account = CWFunctions.connectCWManage('msp', 'public', 'private', 'client'), 'https://psa.test/v4_6_release/apis/3.0/'
agreements = CWFunctions.pullCWAgreement(*account, 7)
print('connectwisemanageapi', version('connectwisemanageapi'), 'pullCWAgreement:', len(agreements), 'agreements:', *agreements)
configurations = CWFunctions.pullCWConfigurations(*account, {'page': 1, 'pageSize': 1000})
print('connectwisemanageapi', version('connectwisemanageapi'), 'pullCWConfigurations:', len(configurations))
devices = Client('key', 'secret').getDevices()
print('ninjarmmpy', version('ninjarmmpy'), 'getDevices:', len(devices))
PY
cat > expected <<'TXT'
connectwisemanageapi 0.3.9 pullCWAgreement: 3 agreements: code message errors
connectwisemanageapi 0.3.9 pullCWConfigurations: 3
ninjarmmpy 0.2.1 getDevices: 2
TXT
python/bin/python count.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
