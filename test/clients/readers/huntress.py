"""Organizations of Huntress. Its pages are those of an older API, so that all have to fit on one."""

import json
import sys

from pyhuntress.clients.siem_client import HuntressSIEMAPIClient

secret = json.load(sys.stdin)
client = HuntressSIEMAPIClient(secret['apiKey'], secret['apiSecret'])
organizations = client.organizations.paginated(1, 500).data
json.dump(
    {
        organization.id: {
            'Huntress EDR Agents': organization.agents_count,
            'Huntress SAT Learners': organization.sat_learner_count,
            'Huntress SIEM Sources': organization.logs_sources_count,
        }
        for organization in organizations
    },
    sys.stdout,
)
