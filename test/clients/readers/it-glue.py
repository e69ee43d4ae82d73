"""MyGlue users by the account that they belong to, and the organizations with theirs."""

import json
import logging
import sys
from collections import Counter

import structlog
from itglue.client import ITGlueClient
from itglue.config import ITGlueConfig, ITGlueRegion

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
secret = json.load(sys.stdin)
client = ITGlueClient(ITGlueConfig(api_key=secret['apiKey'], base_url=ITGlueRegion[secret['region'].upper()].value))


def everything(path):
    return [row for page in client.pagination.iterate_pages(path, page_size=100, params={'sort': 'id'}) for row in page.data]


users = Counter(
    str(row['attributes']['my-glue-account-id']) for row in everything('/users') if row['attributes']['my-glue'] is True
)


def is_counted(organization):
    """A customer that is served, and the head office where several share an account."""
    return (
        organization['organization-status-name'] != 'Inactive'
        and organization['parent-id'] is None
        and organization['primary'] is False
    )


json.dump(
    {
        row['id']: {'MyGlue Users': users[str(row['attributes']['my-glue-account-id'])]}
        for row in everything('/organizations')
        if is_counted(row['attributes'])
    },
    sys.stdout,
)
