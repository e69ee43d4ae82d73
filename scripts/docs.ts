import { readFile, writeFile } from 'node:fs/promises';
import { loadRegistry } from '../lambdas/registry.ts';
import { codeBlock, integrationsPage, integrationsTable, withSection } from './local/integrations-page.ts';

const README = new URL('../README.md', import.meta.url);
const PAGE = new URL('../docs/integrations.md', import.meta.url);
const ADDING = new URL('../docs/adding-a-vendor.md', import.meta.url);
const EXAMPLE = new URL('../test/example-vendor/acme-rmm.ts', import.meta.url);

const registry = await loadRegistry();
await writeFile(PAGE, integrationsPage(registry));
await writeFile(README, withSection(await readFile(README, 'utf8'), 'integrations', integrationsTable(registry)));
await writeFile(
  ADDING,
  withSection(await readFile(ADDING, 'utf8'), 'example', codeBlock(await readFile(EXAMPLE, 'utf8'))),
);
