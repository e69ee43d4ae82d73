"""Active clients of HaloPSA with their names."""

import json
import sys
from urllib.parse import urlsplit

from HaloPSA.Halo import Halo

secret = json.load(sys.stdin)
tenant = urlsplit(secret['baseUrl']).hostname.split('.')[0]
halo = Halo(tenant, secret['clientId'], secret['clientSecret'])
clients, page = [], 1
while True:
    answer = halo.Clients.search(pageinate=True, page_size=20, page_no=page)
    clients += answer['clients']
    if not answer['clients'] or len(clients) >= answer['record_count']:
        break
    page += 1
assert len(clients) == answer['record_count'], f'{len(clients)} clients of {answer["record_count"]}'
json.dump({client['id']: client['name'] for client in clients}, sys.stdout)
