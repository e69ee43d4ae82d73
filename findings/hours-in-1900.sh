#!/usr/bin/env bash
# A sheet of agreed hours and days shows "12 h", "12 d" or "12 mo": the cell is the number 12, and its format has the unit.
#
# Guess: a unit is a unit, whether the format has it in quotes (0\ "h") or letter by letter behind backslashes (0\ \h), which mean the same.
# In fact: exceljs drops the backslashes when it reads a format, and an h, d, m, s, y or b without quotes is a part of a date to it. The 12
# is read as a day in January 1900, in the rows that have such a format; openpyxl and hucre read 12.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5
npm install --silent --no-audit --no-fund --prefix . exceljs@4.4.0 hucre@1.0.0

cat > write.py <<'PY'
import openpyxl
book = openpyxl.Workbook()
for row, unit in enumerate(('0', r'0\ "h"', r'0\ \h', r'0\ "mo"', r'0\ \m\o', r'0\ \u'), 1):
    book.active.cell(row, 1, unit)
    book.active.cell(row, 2, 12).number_format = unit
book.save('hours.xlsx')
print('openpyxl', openpyxl.__version__, 'reads', *(row[1].value for row in openpyxl.load_workbook('hours.xlsx').active))
PY
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import ExcelJS from 'exceljs';
import { readXlsx } from 'hucre';
const [sheet] = (await readXlsx(readFileSync('hours.xlsx'))).sheets;
console.log('hucre 1.0.0 reads', ...sheet.rows.map(([, hours]) => hours));
const book = new ExcelJS.Workbook();
await book.xlsx.readFile('hours.xlsx');
console.log('exceljs 4.4.0 reads');
book.worksheets[0].eachRow((row) => console.log(`  ${row.getCell(1).value}: ${JSON.stringify(row.getCell(2).value)}`));
JS
cat > expected <<'TXT'
openpyxl 3.1.5 reads 12 12 12 12 12 12
hucre 1.0.0 reads 12 12 12 12 12 12
exceljs 4.4.0 reads
  0: 12
  0\ "h": 12
  0\ \h: "1900-01-11T00:00:00.000Z"
  0\ "mo": 12
  0\ \m\o: "1900-01-11T00:00:00.000Z"
  0\ \u: 12
TXT
{ python/bin/python write.py; node read.mjs; } | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
