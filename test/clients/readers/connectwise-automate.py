"""Agents of every client of ConnectWise Automate, page after page."""

import json
import sys
from collections import Counter
from urllib.parse import urlsplit

from pyconnectwise import ConnectWiseAutomateAPIClient

# The client's own way to it, `client.computers`, calls the module.
from pyconnectwise.endpoints.automate.ComputersEndpoint import ComputersEndpoint

secret = json.load(sys.stdin)
host = urlsplit(secret['serverUrl']).hostname
client = ConnectWiseAutomateAPIClient(host, secret['clientId'], secret['username'], secret['password'])
computers = ComputersEndpoint(client).paginated(1, 200, {'orderBy': 'Id asc'}).all()
json.dump(Counter(computer.client.id for computer in computers), sys.stdout)
