import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SESClient } from '@aws-sdk/client-ses';
import { ownMail } from '../../lambdas/mail/own.ts';
import { sesMail } from '../../lambdas/platform/aws-mail.ts';
import { virtualClock } from '../virtual-clock.ts';
import { mailContract } from './contract.ts';
import { FROM } from './sample-message.ts';

const KEYS = { accessKeyId: 'AKIANORTHWIND', secretAccessKey: 'canary/secret+access=key' };

/** SES's Query API (2010-12-01) over HTTP, as far as a report needs it. */
async function sesServer() {
  const taken: Buffer[] = [];
  let mishap: 'refuse' | 'loseAnswer' | undefined;
  const server = createServer((request, response) => void handle(request, response));
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const answer = (status: number, xml: string) => response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
    const result = (action: string, xml: string) =>
      answer(200, `<${action}Response><${action}Result>${xml}</${action}Result></${action}Response>`);
    const error = (code: string, message: string) =>
      answer(
        400,
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    if (!/^AWS4-HMAC-SHA256 Credential=AKIANORTHWIND\//u.test(request.headers.authorization ?? '')) {
      return void error('IncompleteSignature', 'not signed');
    }
    switch (form.get('Action')) {
      case 'SendRawEmail': {
        const now = mishap;
        mishap = undefined;
        if (now === 'refuse') return void error('MessageRejected', `refused: ${request.headers.authorization}`);
        if (form.get('Source') !== FROM || form.get('Destinations.member.1') === null) {
          return void error('InvalidParameterValue', 'Source or Destinations');
        }
        taken.push(Buffer.from(form.get('RawMessage.Data') ?? '', 'base64'));
        return now === 'loseAnswer'
          ? void request.socket.destroy()
          : void result('SendRawEmail', `<MessageId>ses-${taken.length}</MessageId>`);
      }
      case 'GetIdentityVerificationAttributes':
        return void result(
          'GetIdentityVerificationAttributes',
          '<VerificationAttributes><entry><key>northwind.example</key><value>' +
            '<VerificationStatus>Success</VerificationStatus></value></entry></VerificationAttributes>',
        );
      case 'GetSendQuota':
        return void result('GetSendQuota', '<Max24HourSend>200</Max24HourSend><SentLast24Hours>3</SentLast24Hours>');
      default:
        return void error('InvalidAction', String(form.get('Action')));
    }
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    taken: () => taken,
    refuse: () => {
      mishap = 'refuse';
    },
    loseAnswer: () => {
      mishap = 'loseAnswer';
    },
    end: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

mailContract('Amazon SES', async () => {
  const server = await sesServer();
  let endpoint = server.endpoint;
  return {
    ...server,
    async open() {
      const client = new SESClient({ region: 'eu-central-1', endpoint, credentials: KEYS, maxAttempts: 1 });
      return ownMail(
        sesMail(client, virtualClock(), () => 0.5),
        FROM,
        'runs/r1/email.eml',
      );
    },
    vanish: () => {
      // A port that no server listens on.
      endpoint = 'http://127.0.0.1:9';
    },
    canaries: [KEYS.secretAccessKey],
  };
});
