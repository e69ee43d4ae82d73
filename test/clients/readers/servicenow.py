"""Customers of a ServiceNow instance with their names, in batches."""

import json
import sys

from pysnc import ServiceNowClient

secret = json.load(sys.stdin)
client = ServiceNowClient(secret['instanceUrl'], (secret['username'], secret['password']))
companies = client.GlideRecord('core_company', batch_size=10)
companies.add_query('customer', 'true')
companies.query()
json.dump({str(company.sys_id): str(company.name) for company in companies}, sys.stdout)
