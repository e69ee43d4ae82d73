import { describe, expect, test } from 'vitest';
import getIntegrationIds from '../../lambdas/steps/get-integration-ids.ts';
import { CONTOSO, KNOWN, ORGANIZATIONS_JSON, REPORT_JSON, RUN, type Stage, stage } from './stage.ts';

const get = getIntegrationIds(KNOWN);

async function configured(report: object = REPORT_JSON, organizations: object = ORGANIZATIONS_JSON): Promise<Stage> {
  const scene = await stage();
  scene.configure('report.json', report);
  scene.configure('organizations.json', organizations);
  return scene;
}

const withIntegrations = (integrations: object) => ({ ...REPORT_JSON, integrations });

describe('the plan', () => {
  test('has every collector in the order of columns; what each gets is in the run’s folder', async () => {
    const scene = await configured(withIntegrations({ acme: { region: 'us' }, zenith: { enabled: false } }));
    expect(await scene.play(get, { run: RUN })).toEqual({
      integrations: [
        { id: 'acme', reads: 'counts', installed: true, plan: 'runs/r1/plan/acme.json' },
        { id: 'zenith', reads: 'counts', installed: false, plan: null },
      ],
      reportMade: false,
      comparesBilling: false,
    });
    expect(await scene.json('runs/r1/plan/acme.json')).toEqual({
      configuration: { region: 'us' },
      misplaced: [],
      mapped: ['11', '12', '13'],
    });
    expect(await scene.json('runs/r1/plan/zenith.json')).toBeUndefined();
  });

  test('ids are normalized as the vendor writes them', async () => {
    const organizations = {
      organizations: [{ id: 'c', name: 'C', integrationIds: { zenith: CONTOSO.toUpperCase() } }],
    };
    const scene = await configured(REPORT_JSON, organizations);
    await scene.play(get, { run: RUN });
    expect(await scene.json('runs/r1/plan/zenith.json')).toMatchObject({ mapped: [CONTOSO] });
  });

  test('a subset leaves the others out', async () => {
    const scene = await configured();
    expect(await scene.play(get, { run: { ...RUN, only: ['zenith'] } })).toMatchObject({
      integrations: [
        { id: 'acme', reads: 'counts', installed: false },
        { id: 'zenith', reads: 'counts', installed: true },
      ],
    });
  });

  test('a report that holds counts is not collected again; one without is', async () => {
    const scene = await configured();
    const report = { runId: 'r1', columns: [], rows: [], unmapped: [], ambiguous: [] };
    const write = (status: string) =>
      scene.platform.objects.write(
        'runs/r1/report.json',
        JSON.stringify({ ...report, integrations: [{ integration: 'acme', status }] }),
        'application/json',
      );
    await write('partial');
    expect(await scene.play(get, { run: RUN })).toMatchObject({ reportMade: true });
    await write('failed');
    expect(await scene.play(get, { run: RUN })).toMatchObject({ reportMade: false });
  });

  test('a ticket without company goes to the managing organization’s company in the PSA', async () => {
    const report = {
      ...withIntegrations({ acme: {}, desk: { url: 'x' } }),
      delivery: { mechanism: 'psa', psa: { integration: 'desk', ticket: { board: 'Billing' } } },
    };
    const managing = { id: 'northwind-msp', name: 'Northwind MSP', integrationIds: { desk: 250 } };
    const run = { ...RUN, mechanism: 'psa', psa: 'desk' };
    const scene = await configured(report, { organizations: [...ORGANIZATIONS_JSON.organizations, managing] });
    await scene.play(get, { run });
    expect(await scene.json('runs/r1/delivery-settings.json')).toEqual({
      psa: {
        integration: 'desk',
        configuration: { url: 'x' },
        misplaced: [],
        ticket: { board: 'Billing', companyId: '250' },
      },
      email: null,
    });
    const without = await configured(report);
    await expect(without.play(get, { run })).rejects.toThrow(/delivery\.psa\.ticket\.companyId/u);
  });
});

describe('refused before any vendor is called', () => {
  const refusal = async (scene: Stage, run: object = RUN) =>
    scene.play(get, { run }).then(
      () => 'accepted',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  test('an unknown option and one of the wrong kind, all at once', async () => {
    const message = await refusal(await configured(withIntegrations({ acme: { region: 'moon', exact: true } })));
    expect(message).toMatch(/ConfigurationError: .*integrations\.acme: region: expected "us" or "eu"/u);
    expect(message).toContain('integrations.acme: unknown field "exact"; known: ');
  });

  test('a field of the secret is accepted in report.json, in its own form', async () => {
    expect(await refusal(await configured(withIntegrations({ acme: { apiKey: 'k' } })))).toBe('accepted');
    expect(await refusal(await configured(withIntegrations({ acme: { apiKey: 1 } })))).toMatch(
      /apiKey: expected string/u,
    );
  });

  test('an id of the wrong form, with company and integration', async () => {
    const message = await refusal(
      await configured(REPORT_JSON, {
        organizations: [{ id: 'contoso', name: 'Contoso Ltd', integrationIds: { zenith: 'contoso' } }],
      }),
    );
    expect(message).toMatch(/ConfigurationError.*zenith.*Contoso Ltd/u);
  });

  test('nothing installed, a subset that is not installed, a missing file', async () => {
    expect(await refusal(await configured(withIntegrations({ desk: {} })))).toMatch(/no vendor is installed/u);
    expect(await refusal(await configured(withIntegrations({ acme: {} })), { ...RUN, only: ['zenith'] })).toMatch(
      /only: zenith not installed; installed: acme/u,
    );
    expect(await refusal(await configured(), { ...RUN, only: [] })).toMatch(/names no integration/u);
    const scene = await stage();
    scene.configure('report.json', REPORT_JSON);
    expect(await refusal(scene)).toMatch(/organizations\.json is missing/u);
  });
});
