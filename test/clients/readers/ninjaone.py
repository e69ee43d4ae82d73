"""Servers of every organization of NinjaOne, counted from all devices, page after page."""

import json
import logging
import sys
from collections import Counter

from ninjapy import NinjaRMMClient

logging.disable(logging.CRITICAL)
secret = json.load(sys.stdin)
SERVERS = {'WINDOWS_SERVER', 'LINUX_SERVER', 'MAC_SERVER', 'NMS_SERVER'}
with NinjaRMMClient(
    token_url=f'{secret["baseUrl"]}/ws/oauth/token',
    client_id=secret['clientId'],
    client_secret=secret['clientSecret'],
    scope='monitoring',
    base_url=secret['baseUrl'],
) as client:
    # It asks for every scope, whatever it was given, and NinjaOne refuses one that the application lacks.
    client.token_manager.scope = 'monitoring'
    servers = Counter(device['organizationId'] for device in client.iter_all_devices() if device['nodeClass'] in SERVERS)
    organizations = list(client.iter_all_organizations(page_size=7))
json.dump({organization['id']: {'NinjaOne Servers': servers[organization['id']]} for organization in organizations}, sys.stdout)
