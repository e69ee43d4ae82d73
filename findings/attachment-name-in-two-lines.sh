#!/usr/bin/env bash
# A report is mailed as an attachment with a long name in plain words, and a script at the other end files it by that name.
#
# Guess: the name arrives unchanged; a mail header can be folded on the way, and every parser unfolds it.
# In fact: nodemailer folds inside the quoted name at a space, and Python's parser, called without a policy, leaves the line
# break in the name. imap-tools passes it on. Only with `policy=email.policy.default` is the name intact.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . nodemailer@10.6.1
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check imap-tools==1.16.0

cat > send.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import nodemailer from 'nodemailer';
const { message } = await nodemailer.createTransport({ streamTransport: true, buffer: true }).sendMail({
  from: 'reports@example.com',
  to: 'billing@example.com',
  subject: 'Counts',
  text: 'Attached.',
  attachments: [{ filename: 'Billing Count Report 2026-11 Northwind Managed Services and Consulting.csv', content: 'a,b\r\n' }],
});
writeFileSync('mail.eml', message);
JS
cat > receive.py <<'PY'
import email, email.policy
from imap_tools import MailMessage
mail = open('mail.eml', 'rb').read()
def name(message):
    return next(part.get_filename() for part in message.walk() if part.get_filename())
print('nodemailer 10.6.1, read by')
print('email.message_from_bytes:', repr(name(email.message_from_bytes(mail))))
print('imap-tools 1.16.0:', repr(MailMessage.from_bytes(mail).attachments[0].filename))
print('policy.default:', repr(name(email.message_from_bytes(mail, policy=email.policy.default))))
PY
cat > expected <<'TXT'
nodemailer 10.6.1, read by
email.message_from_bytes: 'Billing Count Report 2026-11\r\n Northwind Managed Services and Consulting.csv'
imap-tools 1.16.0: 'Billing Count Report 2026-11\r\n Northwind Managed Services and Consulting.csv'
policy.default: 'Billing Count Report 2026-11 Northwind Managed Services and Consulting.csv'
TXT
node send.mjs
python/bin/python receive.py | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
