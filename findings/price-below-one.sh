#!/usr/bin/env bash
# Usage is billed at prices below one with three decimals: 0.125 per gigabyte.
#
# Guess: a dot before three digits can be a thousands separator ("1.250"), but not after a single zero: 0.125 is an eighth.
# In fact: price-parser reads the dot as a thousands separator anyway, and the price as one hundred and twenty-five.
# With two or four decimals the price is right, so only single lines of a price list are wrong.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check price-parser==0.5.1

cat > price.py <<'PY'
from importlib.metadata import version
from price_parser import Price
print('price-parser', version('price-parser'))
for text in ('0.12 USD', '0.125 USD', '0.1250 USD', '0,125 EUR'):
    print(text, '->', Price.fromstring(text).amount)
PY
cat > expected <<'TXT'
price-parser 0.5.1
0.12 USD -> 0.12
0.125 USD -> 125
0.1250 USD -> 0.1250
0,125 EUR -> 125
TXT
python/bin/python price.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
