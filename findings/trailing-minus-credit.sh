#!/usr/bin/env bash
# A credit in an accounting system's CSV is often printed with the minus after the digits: "12.00-".
#
# Guess: a money parser reads it as -12, or reports in its usual way that it cannot read it: currency.js returns 0, or throws with
# `errorOnInvalid`.
# In fact: currency.js returns NaN, even with `errorOnInvalid: true`; accounting.js and price-parser return +12, so the credit is added
# to the bill.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . currency.js@2.0.4 accounting@0.4.1
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check price-parser==0.5.1

cat > credit.mjs <<'JS'
import accounting from 'accounting';
import currency from 'currency.js';

const lines = ['100.00', '12.00-'];
console.log('currency.js 2.0.4:', currency('12.00-', { errorOnInvalid: true }).value, '| a word:', currency('twelve').value);
console.log('currency.js 2.0.4 sum:', lines.reduce((sum, line) => sum.add(line), currency(0)).value);
console.log('accounting 0.4.1 sum:', lines.reduce((sum, line) => sum + accounting.unformat(line), 0));
JS
cat > credit.py <<'PY'
from price_parser import Price
print('price-parser 0.5.1 sum:', sum(Price.fromstring(line).amount for line in ('100.00', '12.00-')))
PY
cat > expected <<'TXT'
currency.js 2.0.4: NaN | a word: 0
currency.js 2.0.4 sum: NaN
accounting 0.4.1 sum: 112
price-parser 0.5.1 sum: 112.00
TXT
{ node credit.mjs && python/bin/python credit.py; } | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
