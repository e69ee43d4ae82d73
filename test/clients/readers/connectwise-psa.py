"""Companies of ConnectWise PSA with their names, page after page."""

import json
import sys
from urllib.parse import urlsplit

from pyconnectwise import ConnectWiseManageAPIClient

secret = json.load(sys.stdin)
client = ConnectWiseManageAPIClient(
    secret['companyId'],
    # The cloud's API has a host of its own.
    f'api-{urlsplit(secret["siteUrl"]).hostname}',
    secret['clientId'],
    secret['publicKey'],
    secret['privateKey'],
)
companies = client.company.companies.paginated(1, 15, {'orderBy': 'id', 'conditions': 'deletedFlag=false'}).all()
json.dump({company.id: company.name for company in companies}, sys.stdout)
