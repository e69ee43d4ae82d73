#!/usr/bin/env bash
# A script reads the lines of a ServiceNow table that have units: quantity above 0.
#
# Guess: `add_query('quantity', '>', 0)` asks for `quantity>0`, just as 1 asks for `quantity>1`.
# In fact: a value of 0, false or "" counts as missing, and the operator becomes the value: pysnc asks for the rows whose quantity equals
# the text ">". Nothing fails; the table just looks empty.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check pysnc==1.2.1

cat > query.py <<'PY'
from importlib.metadata import version
from pysnc import ServiceNowClient
print('pysnc', version('pysnc'))
client = ServiceNowClient('https://example.service-now.com', ('user', 'password'))
for operator, value in (('>', 1), ('>', 0), ('>=', 0), ('=', False)):
    lines = client.GlideRecord('u_billed_line')
    lines.add_query('u_quantity', operator, value)
    print(operator, value, '->', lines.get_encoded_query())
PY
cat > expected <<'TXT'
pysnc 1.2.1
> 1 -> u_quantity>1^ORDERBYsys_id
> 0 -> u_quantity=>^ORDERBYsys_id
>= 0 -> u_quantity=>=^ORDERBYsys_id
= False -> u_quantity==^ORDERBYsys_id
TXT
python/bin/python query.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
