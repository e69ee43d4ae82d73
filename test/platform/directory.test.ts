import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directoryMail, directoryObjects, directorySecrets } from '../../lambdas/platform/directory.ts';
import { MailRefused } from '../../lambdas/platform/mail-refused.ts';
import { ReportError } from '../../lambdas/report/errors.ts';

let root = '';
let config = '';
let out = '';
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'directory-'));
  config = join(root, 'config');
  out = join(root, 'out');
  await mkdir(join(config, 'secrets'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const objects = () => directoryObjects(config, out);

describe('objects in a directory', () => {
  test('the configuration is read from its folder and never changed', async () => {
    writeFileSync(join(config, 'report.json'), '{}');
    expect(Buffer.from((await objects().read('config/report.json')) ?? []).toString()).toBe('{}');
    await expect(objects().write('config/report.json', 'x', 'text/plain')).rejects.toThrow(/read-only/u);
    await expect(objects().createOnce('config/new.json', 'x')).rejects.toThrow(/read-only/u);
    await expect(objects().remove('config/report.json')).rejects.toThrow(/read-only/u);
  });

  test('two configurations that share a secret by a link share its lock, and the link stays', async () => {
    const shared = join(root, 'shared');
    const other = join(root, 'other');
    for (const folder of [shared, join(other, 'secrets')]) await mkdir(folder, { recursive: true });
    writeFileSync(join(shared, 'ion.json'), '{"refreshToken":"old"}');
    for (const each of [config, other]) symlinkSync(join(shared, 'ion.json'), join(each, 'secrets', 'acme.json'));
    await directorySecrets(join(config, 'secrets')).write('acme', { refreshToken: 'new' });
    expect(await directorySecrets(join(other, 'secrets')).read('acme')).toEqual({ refreshToken: 'new' });
    expect(lstatSync(join(config, 'secrets', 'acme.json')).isSymbolicLink()).toBe(true);
    const key = 'locks/acme/f-1.json';
    expect(await objects().createOnce(key, 'one')).toBe(true);
    expect(await directoryObjects(other, out).createOnce(key, 'two')).toBe(false);
  });

  test('a mail that could not be kept was certainly not sent', async () => {
    const full = { ...objects(), write: () => Promise.reject(new Error('ENOSPC')) };
    const letter = { raw: Buffer.from('x'), from: 'a@b.example', recipients: ['c@d.example'] };
    await expect(directoryMail(full).send(letter, 'runs/r1/email.eml')).rejects.toBeInstanceOf(MailRefused);
  });

  test('a secret with a repeated field is refused with the field’s name', async () => {
    writeFileSync(join(config, 'secrets', 'acme.json'), '{"apiKey":"canary-1","apiKey":"canary-2"}');
    const read = directorySecrets(join(config, 'secrets')).read('acme');
    await expect(read).rejects.toThrow(/acme\.json: apiKey appears twice; keep one$/u);
  });

  test('a file of a run is below the output folder, without a draft left behind', async () => {
    await objects().write('runs/r1/collections/acme.json', 'one', 'text/plain');
    await objects().write('runs/r1/collections/acme.json', 'two', 'text/plain');
    expect(readFileSync(join(out, 'r1', 'collections', 'acme.json'), 'utf8')).toBe('two');
    expect(readdirSync(join(out, 'r1', 'collections'))).toEqual(['acme.json']);
    expect(objects().locate('runs/r1/report.csv')).toBe(join(out, 'r1', 'report.csv'));
  });

  test('what does not exist is undefined, and removing it is not an error', async () => {
    expect(await objects().read('runs/r1/report.json')).toBeUndefined();
    await objects().remove('runs/r1/report.json');
  });

  test('of many concurrent markers exactly one succeeds, and its content stays', async () => {
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) => objects().createOnce('runs/r1/lock.json', `${n}`)),
    );
    expect(claims.filter((won) => won)).toHaveLength(1);
    expect(readFileSync(join(out, 'r1', 'lock.json'), 'utf8')).toBe(String(claims.indexOf(true)));
    expect(readdirSync(join(out, 'r1'))).toEqual(['lock.json']);
    await objects().remove('runs/r1/lock.json');
    expect(await objects().createOnce('runs/r1/lock.json', 'again')).toBe(true);
  });

  test('a lock is next to the secrets, whatever the output folder', async () => {
    const key = 'locks/acme/0123-1.json';
    expect(await objects().createOnce(key, 'one')).toBe(true);
    expect(await directoryObjects(config, join(root, 'elsewhere')).createOnce(key, 'two')).toBe(false);
    expect(objects().locate(key)).toBe(join(config, 'secrets', 'locks', 'acme', '0123-1.json'));
    await objects().remove(key);
    expect(await objects().read(key)).toBeUndefined();
  });

  test('each configuration has its own history, even if both keep their runs in one folder', async () => {
    await objects().write('history/acme.json', '{}', 'application/json');
    expect(await objects().read('history/acme.json')).toBeDefined();
    expect(await directoryObjects(join(root, 'mine'), out).read('history/acme.json')).toBeUndefined();
  });

  test('a read-only folder is reported with its path, not as a vendor’s fault', async () => {
    writeFileSync(join(config, 'secrets', 'locks'), 'a file where a folder is due');
    writeFileSync(out, 'another');
    const refused = (path: string) => ({
      name: 'ConfigurationError',
      message: expect.stringMatching(new RegExp(`^cannot write ${path}.* \\(E[A-Z]+\\)$`, 'u')),
    });
    await expect(objects().createOnce('locks/acme/0-1.json', 'x')).rejects.toMatchObject(
      refused(join(config, 'secrets')),
    );
    await expect(objects().write('runs/r1/run.json', 'x', 'text/plain')).rejects.toMatchObject(refused(out));
    await expect(directorySecrets(out).write('acme', {})).rejects.toMatchObject(refused(out));
  });

  test('what fails while a body is made is reported as it is, and leaves nothing behind', async () => {
    const gone = new ReportError('ConfigurationError', 'units/acme-2.jsonl is gone; run again');
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('Company');
      throw gone;
    }
    await expect(objects().write('runs/r1/units.csv', pieces(), 'text/csv')).rejects.toBe(gone);
    expect(readdirSync(join(out, 'r1'))).toEqual([]);
  });

  test('no key leads out of the two folders', async () => {
    for (const key of [
      '/etc/passwd',
      'runs/../config/report.json',
      'runs/r1/../../x',
      'runs/r1//x',
      'runs/r1/.hidden',
      'runs\\r1\\x',
      'runs/r1/C:x',
      'runs',
      'config/',
      'other/x',
      'runs/r1/x\u0000',
    ]) {
      await expect(objects().read(key), key).rejects.toThrow(/refused the key/u);
    }
    await fc.assert(
      fc.asyncProperty(fc.string(), async (part) => {
        let place: string;
        try {
          place = objects().locate(`runs/${part}/x.json`);
        } catch {
          return;
        }
        expect(place.startsWith(`${out}/`)).toBe(true);
        // A name may have two dots in it, as "0..": only a name of two dots leads anywhere.
        expect(place.split('/')).not.toContain('..');
      }),
      { numRuns: 200 },
    );
  });
});

describe('secrets in a directory', () => {
  const secrets = () => directorySecrets(join(config, 'secrets'));

  test('a secret is read, replaced, and readable only by its owner', async () => {
    writeFileSync(join(config, 'secrets', 'acme.json'), '\ufeff{"apiKey":"first"}');
    expect(await secrets().read('acme')).toEqual({ apiKey: 'first' });
    await secrets().write('acme', { apiKey: 'second' });
    expect(await secrets().read('acme')).toEqual({ apiKey: 'second' });
    expect(statSync(join(config, 'secrets', 'acme.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(config, 'secrets'))).toEqual(['acme.json']);
  });

  test('a missing secret is undefined', async () => {
    expect(await secrets().read('acme')).toBeUndefined();
  });

  test('a secret that is not JSON is refused with the position and without its content', async () => {
    writeFileSync(join(config, 'secrets', 'acme.json'), '{\n  "apiKey": canary-4711\n}');
    const message = await secrets()
      .read('acme')
      .then(String, (error: Error) => error.message);
    expect(message).toMatch(/acme\.json is not JSON: look at line 2, column 13/u);
    expect(message).not.toContain('canary');
    writeFileSync(join(config, 'secrets', 'acme.json'), '');
    await expect(secrets().read('acme')).rejects.toThrow(/it is empty/u);
  });
});

test('local mail becomes a file, and equal mails have equal ids', async () => {
  const letter = { raw: Buffer.from('Subject: x\r\n\r\nbody'), from: 'a@b.example', recipients: ['c@d.example'] };
  const mail = directoryMail(objects());
  const first = await mail.send(letter, 'runs/r1/email.eml');
  expect(await mail.send(letter, 'runs/r1/email.eml')).toEqual(first);
  expect(readFileSync(join(out, 'r1', 'email.eml'), 'utf8')).toBe('Subject: x\r\n\r\nbody');
});
