"""Users and edition of every child account, with Duo's own client. Accounts that refuse are left out."""

import json
import os
import sys

import duo_client

secret = json.load(sys.stdin)
access = {
    'ikey': secret['integrationKey'],
    'skey': secret['secretKey'],
    'host': secret['apiHost'],
    'ca_certs': os.environ['SSL_CERT_FILE'],
}
rows = {}
for account in duo_client.Accounts(**access).get_child_accounts():
    child = duo_client.admin.AccountAdmin(account['account_id'], **access)
    try:
        summary = child.get_info_summary()
    except RuntimeError as error:
        if error.status != 403:
            raise
        continue
    users = len(child.get_users())
    assert users == summary['user_count'], f'{account["account_id"]}: {users} users, the summary says {summary["user_count"]}'
    rows[account['account_id']] = {'Duo Users': users, **({'Duo Edition': summary['edition']} if 'edition' in summary else {})}
json.dump(rows, sys.stdout)
