#!/usr/bin/env bash
# Last month's billing lines are compared with this month's, by product. One product is billed in two lines, and the first of them changed.
#
# Guess: a key that is there twice is refused, or both of its lines are compared.
# In fact: csv-diff and csvdiff keep the last line of each key without a word. 5 seats that became 50 are no difference, and a line that
# is gone is none either.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check csv-diff==1.2 csvdiff==0.3.3

cat > compare.py <<'PY'
import csv, io
from importlib.metadata import version
import csv_diff, csvdiff

def lines(*quantities):
    return 'product,seats\n' + ''.join(f'{product},{seats}\n' for product, seats in quantities)

before = lines(('Backup', 5), ('Backup', 3), ('Antivirus', 2))
print('csv-diff', version('csv-diff'), 'and csvdiff', version('csvdiff'))
for change, after in (
    ('first line 5 -> 50', lines(('Backup', 50), ('Backup', 3), ('Antivirus', 2))),
    ('first line gone', lines(('Backup', 3), ('Antivirus', 2))),
    ('last line 3 -> 4', lines(('Backup', 5), ('Backup', 4), ('Antivirus', 2))),
):
    one = csv_diff.compare(*(csv_diff.load_csv(io.StringIO(text), key='product') for text in (before, after)))
    other = csvdiff.diff_records(*(list(csv.DictReader(io.StringIO(text))) for text in (before, after)), ['product'])
    for name, difference in (('csv-diff', one), ('csvdiff', other)):
        print(f'{change}, {name}:', *(f'{len(difference[kind])} {kind}' for kind in ('added', 'removed', 'changed')))
PY
cat > expected <<'TXT'
csv-diff 1.2 and csvdiff 0.3.3
first line 5 -> 50, csv-diff: 0 added 0 removed 0 changed
first line 5 -> 50, csvdiff: 0 added 0 removed 0 changed
first line gone, csv-diff: 0 added 0 removed 0 changed
first line gone, csvdiff: 0 added 0 removed 0 changed
last line 3 -> 4, csv-diff: 0 added 0 removed 1 changed
last line 3 -> 4, csvdiff: 0 added 0 removed 1 changed
TXT
python/bin/python compare.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
