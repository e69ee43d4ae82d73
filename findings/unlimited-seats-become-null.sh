#!/usr/bin/env bash
# A licence sheet has a column of seats, with the word "unlimited" for one customer far down.
#
# Guess: polars infers the column's type from the first rows and fails at the word, as its `read_csv` does.
# In fact: `read_csv` fails, but `read_excel` makes the word null without a warning, and the sum leaves it out. With the same word in an
# early row the whole column is text: what a sheet means depends on how it is sorted.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 fastexcel==0.21.0 openpyxl==3.1.5

cat > seats.py <<'PY'
import warnings
from importlib.metadata import version
import openpyxl, polars
warnings.simplefilter('error')
print('polars', version('polars'), 'with fastexcel', version('fastexcel'))

def sheet(rows, unlimited):
    table = [('company', 'seats'), *((f'Company {row}', 'unlimited' if row == unlimited else 5) for row in range(1, rows + 1))]
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.save('seats.xlsx')
    with open('seats.csv', 'w') as file:
        file.writelines(f'{company},{seats}\n' for company, seats in table)

for rows, unlimited in ((1200, 1200), (1200, 3)):
    sheet(rows, unlimited)
    seats = polars.read_excel('seats.xlsx')['seats']
    row = seats[unlimited - 1]
    print(f'"unlimited" in row {unlimited} of {rows}: read_excel says {seats.dtype}, that cell is {row!r}, sum {seats.sum() if seats.dtype.is_numeric() else "none"}')
sheet(1200, 1200)
try:
    polars.read_csv('seats.csv')
    print('read_csv: read')
except polars.exceptions.ComputeError:
    print('read_csv: ComputeError')
PY
cat > expected <<'TXT'
polars 2.1.0 with fastexcel 0.21.0
"unlimited" in row 1200 of 1200: read_excel says Int64, that cell is None, sum 5995
"unlimited" in row 3 of 1200: read_excel says String, that cell is 'unlimited', sum none
read_csv: ComputeError
TXT
python/bin/python seats.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
