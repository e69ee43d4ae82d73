import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Makes a certificate for `names` (`IP:127.0.0.1`, `DNS:api.example.com`) that nobody signed, good for two days, with
 * openssl.
 */
export function makeCertificate(folder: string, names: readonly string[]): { file: string; key: string } {
  const made = { file: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=sandbox'];
  const { status, stderr } = spawnSync(
    'openssl',
    [...options, '-addext', `subjectAltName=${names.join(',')}`, '-keyout', made.key, '-out', made.file],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return made;
}
