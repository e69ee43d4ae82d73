import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../../../lambdas/page/page.ts';
import { hostileData } from '../hostile.ts';
import { data, report } from '../sample.ts';
import { installed } from './programs.ts';

const program = installed('Chromium', ['chromium', 'chromium-browser', 'google-chrome']);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** For people to look at. */
const SCREENSHOTS = fileURLToPath(new URL('../../../reports/views/', import.meta.url));

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };

describe.skipIf(program === undefined)('in Chromium', () => {
  let browser: Browser;
  let folder: string;
  const addresses = new Map<string, string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'views-'));
    await mkdir(SCREENSHOTS, { recursive: true });
    for (const [name, from] of [
      ['report', data],
      ['hostile', hostileData],
    ] as const) {
      const file = join(folder, `${name}.html`);
      await writeFile(file, reportPage(from));
      addresses.set(name, pathToFileURL(file).href);
    }
    browser = await chromium.launch({
      ...(program === undefined ? {} : { executablePath: program }),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page; the test fails where it loads anything, or anything goes wrong in it. */
  async function open(name: string, options: BrowserContextOptions, work: (page: Page) => Promise<void>, hash = '') {
    const context = await browser.newContext({ ...options, bypassCSP: false });
    const page = await context.newPage();
    const faults: string[] = [];
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => faults.push(message.text()));
    page.on('dialog', (dialog) => faults.push(`dialog: ${dialog.message()}`));
    await page.goto(`${addresses.get(name)}${hash}`);
    await work(page);
    await context.close();
    expect(faults).toEqual([]);
    expect(requests).toHaveLength(1);
  }

  const shown = (page: Page, selector: string) => page.locator(`${selector}:visible`).count();

  describe.each([
    ['light', DESK],
    ['dark', DESK],
    ['light', PHONE],
    ['dark', PHONE],
  ] as const)('%s at %o', (colorScheme, viewport) => {
    it.each(['report', 'hostile'])('axe finds nothing in %s', async (name) => {
      const context = await browser.newContext({ colorScheme, viewport });
      const page = await context.newPage();
      await page.goto(`${addresses.get(name)}`);
      await page.evaluate(await readFile(AXE, 'utf8')); // by the debugger: the page's own policy lets in no other script
      const violations: unknown = await page.evaluate(
        `axe.run(document, { resultTypes: ['violations', 'incomplete'] }).then(({ violations, incomplete }) =>
          [...violations, ...incomplete.filter(({ id }) => id !== 'color-contrast')].map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
      );
      await context.close();
      expect(violations).toEqual([]);
    });

    it('is no wider than the window', async () => {
      await open('report', { colorScheme, viewport }, async (page) => {
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        await page.screenshot({ path: join(SCREENSHOTS, `${colorScheme}-${viewport.width}.png`), fullPage: true });
      });
    });
  });

  it('searches, filters by state and sorts', async () => {
    await open('report', { viewport: DESK }, async (page) => {
      await page.getByLabel('Find').fill('fabrikam');
      await page.getByText('1 of 4 companies').waitFor();
      expect(await shown(page, '.company')).toBe(1);
      expect(await shown(page, '#compare tbody tr')).toBe(1);
      await page.getByLabel('Find').fill('');
      await page
        .locator('.company')
        .nth(report.rows.length - 1)
        .waitFor();
      await page.locator('#compare select').selectOption('matched');
      expect(await shown(page, '#compare tbody tr')).toBe(1);
      await page.locator('#compare select').selectOption('');
      const money = page.locator('#compare thead th', { hasText: 'Money' });
      await money.getByRole('button').press('Enter');
      expect(await money.getAttribute('aria-sort')).toBe('ascending');
      const values = () => page.locator('#compare tbody tr data').allTextContents();
      expect(await values()).toEqual(['-20.00 EUR', '7.00 USD', '33.00 USD']);
      await money.getByRole('button').press('Enter');
      expect(await values()).toEqual(['33.00 USD', '7.00 USD', '-20.00 EUR']);
    });
  });

  it('is complete without a script', async () => {
    await open('report', { viewport: DESK, javaScriptEnabled: false }, async (page) => {
      expect(await shown(page, '.company')).toBe(report.rows.length);
      expect(await shown(page, '#compare tbody tr')).toBe(data.reconciliation?.rows.length);
      expect(await page.locator('button, input, select').count()).toBe(0);
    });
  });

  it('can be used by keyboard alone', async () => {
    await open('report', { viewport: DESK }, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the report');
      for (const _ of page.viewportSize() === null ? [] : Array.from({ length: 11 })) await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.id')).toBe('find');
    });
  });

  it('prints one company alone, and nothing about another', async () => {
    await open(
      'report',
      { viewport: DESK },
      async (page) => {
        await page.emulateMedia({ media: 'print' });
        const text = await page.evaluate('document.body.innerText');
        expect(text).toContain('CONTOSO');
        for (const name of ['FABRIKAM', 'IRONBRIDGE', 'Ghost Co', 'USD', 'Things to do'])
          expect(text).not.toContain(name);
        expect(await shown(page, '.company')).toBe(1);
      },
      '#company-contoso',
    );
  });

  it('prints everything if no company is chosen', async () => {
    await open('report', { viewport: DESK }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await shown(page, '.company')).toBe(report.rows.length);
      expect(await shown(page, 'nav')).toBe(0);
    });
  });

  it('runs nothing from hostile texts', async () => {
    await open('hostile', { viewport: DESK }, async (page) => {
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(1);
      expect(await shown(page, '.company')).toBe(hostileData.report.rows.length);
    });
  });
});
