import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { answered, withAnswers } from '../../lambdas/mapping/answers.ts';
import { findingsOf } from '../../lambdas/mapping/findings.ts';
import { linkOf, withLinks } from '../../lambdas/mapping/links.ts';
import { type Suggestion, suggest } from '../../lambdas/mapping/suggest.ts';
import { findingLines, suggestionLines } from '../../lambdas/mapping/words.ts';
import { jsonText } from '../../lambdas/platform/json-text.ts';
import type { Platform } from '../../lambdas/platform/platform.ts';
import { replaceFile } from '../../lambdas/platform/whole-file.ts';
import type { Registry } from '../../lambdas/registry.ts';
import { quantity } from '../../lambdas/report/quantity.ts';
import { runIdAt } from '../../lambdas/run/keys.ts';
import { EXIT } from './command.ts';
import { converse } from './conversation.ts';
import { type Journal, openJournal } from './map-journal.ts';
import { type MapMaterial, readMaterial } from './map-material.ts';
import type { MapOptions } from './map-options.ts';
import { MapSession } from './map-session.ts';

/** Where the command reads and writes: `isTerminal` if a person is there. */
export type MapStreams = { input: Readable; output: Writable; errors: Writable; isTerminal: boolean };

const ANSWERS = 'map-answers.jsonl';
const RESULT = 'organizations-new.json';

/**
 * Suggests, and asks or accepts. Returns the exit code. Errors: `ConfigurationError`, and with `fresh` those of the
 * PSA.
 */
export async function mapCustomers(
  options: MapOptions,
  registry: Registry,
  platform: Platform,
  streams: MapStreams,
): Promise<number> {
  const { config, out, fresh, quiet, accept } = options;
  const { now } = platform.clock;
  const remark = (text: string) => {
    if (!quiet) streams.errors.write(`${text}\n`);
  };
  let { runId } = options;
  if (fresh) {
    runId = runIdAt(now());
    const code = await countAgain(options, runId);
    if (code !== EXIT.done) return code;
  }
  const material = await readMaterial(registry, platform, { out, runId, fresh });
  const journal = await openJournal(join(config, ANSWERS), now());
  for (const note of [...material.notes, ...journal.notes, ...contradictions(material, journal)]) remark(note);
  const { clientele, run } = material;
  const unmapped = clientele.unmapped.length;
  remark(
    `Run ${run.runId} of ${run.asOf.slice(0, 10)}: ${quantity(unmapped, 'customer')} ${unmapped === 1 ? 'is' : 'are'} not mapped to a company`,
  );

  const asks = streams.isTerminal && !accept;
  if (asks) {
    const talk = converse(streams.input, streams.errors);
    await new MapSession(material, journal, talk, now).run().finally(() => talk.end());
  }
  const { after, open, certain } = standOf(material, journal);
  if (asks) remark(leftText(open));
  else for (const line of suggestionLines(open, material.names)) streams.output.write(`${line}\n`);
  for (const line of findingLines(findingsOf(after, open), material.names)) remark(line);
  if (!accept && !asks) return EXIT.done;
  await writeResult(config, material, journal, accept ? certain : [], remark);
  return EXIT.done;
}

function leftText(open: readonly Suggestion[]): string {
  const counts = [...Map.groupBy(open, (suggestion) => suggestion.class)].map(
    ([certainty, { length }]) => `${length} ${certainty}`,
  );
  return counts.length === 0 ? '\nNothing is left to ask' : `\nLeft for another time: ${counts.join(', ')}`;
}

/** The clientele after all answers, and what is still open. */
function standOf({ clientele }: MapMaterial, journal: Journal) {
  const soFar = answered(clientele, journal.answers);
  const after = withAnswers(clientele, soFar);
  const open = suggest(after, soFar.refused).filter(({ account }) => !soFar.nobody.has(account));
  return { after, open, certain: open.filter(({ class: certainty }) => certainty === 'certain') };
}

const contradictions = ({ clientele }: MapMaterial, journal: Journal): string[] =>
  answered(clientele, journal.answers).contradicted.map(({ answer, why, isOpen }) => {
    const subject = 'customer' in answer ? answer.customer : answer.company;
    return `An answer of ${answer.at.slice(0, 10)} (${answer.integration} ${subject}) no longer fits: ${why}; ${isOpen ? 'it is asked again' : 'that holds'}`;
  });

/**
 * Writes the existing entries with the confirmed and accepted links. A different file of that name is kept as a copy.
 */
async function writeResult(
  config: string,
  { clientele, file, managing }: MapMaterial,
  journal: Journal,
  certain: readonly Suggestion[],
  remark: (text: string) => void,
): Promise<void> {
  const { links: confirmed, nothings } = answered(clientele, journal.answers);
  const accepted = certain.flatMap(({ account, candidates: [best] }) =>
    best === undefined ? [] : [linkOf(account, best.company.id)],
  );
  const links = [...confirmed, ...accepted];
  const path = join(config, RESULT);
  const text = jsonText(withLinks(file, { links, nothings }, managing));
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined && before !== text) {
    const previous = join(config, 'organizations-new.previous.json');
    await rename(path, previous);
    remark(`${path} was there already; it is kept as ${previous}`);
  }
  await replaceFile(path, text);
  const nothing = nothings.length === 0 ? '' : `, and ${quantity(nothings.length, 'empty list')}`;
  remark(
    `${path}: ${quantity(links.length, 'link')} added${nothing}. Review it, then replace organizations.json with it`,
  );
}

/** Counts again under `runId` and delivers nothing. Returns the exit code of `report`. */
async function countAgain({ config, out, sandbox, quiet }: MapOptions, runId: string): Promise<number> {
  const script = fileURLToPath(new URL('../report.ts', import.meta.url));
  const options = ['--config', config, '--out', out, '--run-id', runId, '--deliver', 'none', '--json'];
  if (sandbox !== undefined) options.push('--sandbox', sandbox.href);
  if (quiet) options.push('--quiet');
  const child = spawn(process.execPath, [script, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code]: unknown[] = await once(child, 'exit');
  return typeof code === 'number' ? code : EXIT.notDone;
}
