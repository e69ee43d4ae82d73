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
NAMES = {'ENTERPRISE': 'Duo Essentials', 'PLATFORM': 'Duo Advantage', 'BEYOND': 'Duo Premier'}


def unless_refused(call):
    try:
        return call()
    except RuntimeError as error:
        if error.status != 403:
            raise


def edition_of(child, summary):
    """The summary's name, or billing's code; None where an account shows neither."""
    if 'edition' in summary:
        return summary['edition']
    billing = unless_refused(child.get_edition)
    return None if billing is None else NAMES[billing['edition']]


rows = {}
for account in duo_client.Accounts(**access).get_child_accounts():
    child = duo_client.admin.AccountAdmin(account['account_id'], **access)
    summary = unless_refused(child.get_info_summary)
    if summary is None:
        continue
    users, edition = len(child.get_users()), edition_of(child, summary)
    assert users == summary['user_count'], f'{account["account_id"]}: {users} users of {summary["user_count"]}'
    rows[account['account_id']] = {'Duo Users': users, **({} if edition is None else {'Duo Edition': edition})}
json.dump(rows, sys.stdout)
