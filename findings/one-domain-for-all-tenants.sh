#!/usr/bin/env bash
# Customers are often matched across vendors by their registrable domain.
#
# Guess: with private suffixes enabled, every Microsoft 365 tenant has its own domain, as every Azure web app has:
# `contoso.onmicrosoft.com` and `fabrikam.onmicrosoft.com` are two customers.
# In fact: azurewebsites.net is on the Public Suffix List, onmicrosoft.com is not. All tenants become one domain.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . tldts@7.5.4
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tldextract==5.4.0

cat > domains.mjs <<'JS'
import { getDomain } from 'tldts';
console.log('tldts 7.5.4');
for (const host of ['contoso.azurewebsites.net', 'contoso.onmicrosoft.com', 'fabrikam.onmicrosoft.com', 'fabrikam.mail.onmicrosoft.com']) {
  console.log(host, '->', getDomain(host, { allowPrivateDomains: true }));
}
JS
cat > domains.py <<'PY'
from tldextract import TLDExtract
print('tldextract 5.4.0, with the list that it ships')
extract = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)
for host in ('contoso.azurewebsites.net', 'contoso.onmicrosoft.com', 'fabrikam.onmicrosoft.com'):
    print(host, '->', extract(host).top_domain_under_public_suffix)
PY
cat > expected <<'TXT'
tldts 7.5.4
contoso.azurewebsites.net -> contoso.azurewebsites.net
contoso.onmicrosoft.com -> onmicrosoft.com
fabrikam.onmicrosoft.com -> onmicrosoft.com
fabrikam.mail.onmicrosoft.com -> onmicrosoft.com
tldextract 5.4.0, with the list that it ships
contoso.azurewebsites.net -> contoso.azurewebsites.net
contoso.onmicrosoft.com -> onmicrosoft.com
fabrikam.onmicrosoft.com -> onmicrosoft.com
TXT
{ node domains.mjs && python/bin/python domains.py; } | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
