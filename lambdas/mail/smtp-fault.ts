import { messageOf } from '../report/errors.ts';

/**
 * Node's codes for a certificate that is not trusted or is another host's; nodemailer hides them behind its own code.
 */
const CERTIFICATE_FAULT = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/u;

/** What a fault of an SMTP dialog means for the person who has to act, then the server's own words. */
export function faultInWords(error: unknown, where: string): string {
  const { code, originalCode = '', response } = membersOf(error);
  const message = messageOf(error);
  const reply = response === undefined ? '' : ` (${where} says: ${response.replace(/\s+/gu, ' ').trim()})`;
  switch (CERTIFICATE_FAULT.test(originalCode) ? 'ETLS' : code) {
    case 'EAUTH':
      return `${where} refused the username or the password of secrets/smtp.json${reply}`;
    case 'ETLS':
      return `no connection over TLS to ${where} (${message}); the server needs a trusted certificate for its name, and TLS on port 465 or STARTTLS on another port`;
    case 'EENVELOPE':
      return `${where} accepts no mail from this sender or for these recipients${reply}`;
    case 'EMESSAGE':
      return `${where} refused the message${reply === '' ? ` (${message})` : reply}`;
    default:
      return response === undefined
        ? `no answer from ${where} (${message}); check host and port in secrets/smtp.json, and the firewall`
        : `${where} ended the conversation${reply}`;
  }
}

function membersOf(error: unknown): { code?: string; originalCode?: string; response?: string } {
  if (!(error instanceof Error)) return {};
  return {
    ...('code' in error ? { code: String(error.code) } : {}),
    ...('originalCode' in error ? { originalCode: String(error.originalCode) } : {}),
    ...('response' in error && typeof error.response === 'string' ? { response: error.response } : {}),
  };
}
