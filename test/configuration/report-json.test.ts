import { describe, expect, test } from 'vitest';
import { mechanismOf, readConfiguration } from '../../lambdas/configuration/report-json.ts';

const known = { integrations: ['duo', 'huntress', 'ninjaone'], psas: ['connectwise-psa', 'ninjaone'] };

const good = {
  managingOrganization: { id: 'northwind-msp', name: 'Northwind MSP' },
  integrations: {
    huntress: {},
    duo: { enabled: false },
    ninjaone: { enabled: true, region: 'eu' },
    'connectwise-psa': {},
  },
  delivery: {
    mechanism: 'psa',
    psa: {
      integration: 'connectwise-psa',
      ticket: { companyId: 251, board: 'Billing', type: null, extra: { a: [1] } },
    },
    email: { from: 'reports@northwind.example', recipients: 'a@northwind.example; b@northwind.example,' },
  },
};

const faultsOf = (value: unknown): string[] => {
  try {
    readConfiguration(value, known);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    return error instanceof Error ? error.message.split('\n') : [];
  }
  return [];
};

describe('report.json', () => {
  test('yields installed integrations without the field "enabled"', () => {
    const { integrations } = readConfiguration(good, known);
    expect([...integrations]).toEqual([
      ['huntress', {}],
      ['ninjaone', { region: 'eu' }],
      ['connectwise-psa', {}],
    ]);
  });

  test('accepts recipients as a list or as one text', () => {
    expect(readConfiguration(good, known).delivery.email?.recipients).toEqual([
      'a@northwind.example',
      'b@northwind.example',
    ]);
  });

  test('reports all faults at once, each with file, path, what is expected and what was found', () => {
    const faults = faultsOf({
      managingOrganization: { id: 'm', name: ' ', nmae: 'x' },
      integrations: { hunter: {}, duo: { enabled: 'no' }, huntress: [] },
      delivery: { mechanism: 'pigeon', email: { from: 'reports', recipients: [] } },
      deliver: 1,
    });
    expect(faults).toEqual(
      expect.arrayContaining([
        'report.json: managingOrganization: unknown field "nmae"; known: id, name',
        'report.json: managingOrganization.name: expected some text',
        'report.json: unknown field "deliver"; known: managingOrganization, integrations, delivery, timeZone, units',
        'report.json: delivery.mechanism: expected "psa" or "email" or "return" or "none", found another text',
        'report.json: delivery.email.from: expected one e-mail address such as billing@company.example (an international domain in its xn-- form)',
        'report.json: delivery.email.recipients: expected at least one e-mail address, found none',
        'report.json: integrations.hunter: unknown integration "hunter"; known: connectwise-psa, duo, huntress, ninjaone',
        'report.json: integrations.duo.enabled: expected true or false, found string',
        "report.json: integrations.huntress: expected an object with the integration's settings, found array",
      ]),
    );
    expect(faults).toHaveLength(9);
  });

  test.each([[undefined], [null], ['text'], [[]], [{}]])('%j is refused', (value) => {
    expect(faultsOf(value).length).toBeGreaterThan(0);
  });

  test.each([[[]], ['huntress'], [null], [undefined]])(
    'refuses %j as integrations, in one sentence',
    (integrations) => {
      expect(faultsOf({ ...good, integrations })).toEqual([
        'report.json: integrations: expected an object with one field per integration',
      ]);
    },
  );

  test('reports what it found instead of the settings of an integration', () => {
    const faults = [null, 'eu', true].map((settings) => faultsOf({ ...good, integrations: { huntress: settings } })[0]);
    expect(faults.map((fault) => fault?.split('found ')[1])).toEqual(['null', 'string', 'boolean']);
  });

  test('does not mistake an inherited name for an integration', () => {
    const hostile: unknown = JSON.parse('{"__proto__": {}, "constructor": {}}');
    const faults = faultsOf({ ...good, integrations: hostile });
    expect(faults.join()).toContain('unknown integration "__proto__"');
    expect(faults.join()).toContain('unknown integration "constructor"');
  });

  test('requires only the settings of the chosen mechanism', () => {
    const { psa, email } = good.delivery;
    expect(faultsOf({ ...good, delivery: { mechanism: 'return' } })).toEqual([]);
    expect(faultsOf({ ...good, delivery: { mechanism: 'email', psa } })).toEqual([
      'report.json: delivery.email: expected the settings of this mechanism, found nothing',
    ]);
    expect(faultsOf({ ...good, delivery: { mechanism: 'psa', email } })).toEqual([
      'report.json: delivery.psa: expected the settings of this mechanism, found nothing',
    ]);
  });

  test('refuses a PSA that is unknown or not installed', () => {
    const other = (integration: string) => ({ ...good.delivery, psa: { integration, ticket: {} } });
    expect(faultsOf({ ...good, delivery: other('duo') }).join()).toContain('known: connectwise-psa, ninjaone');
    const integrations = { ...good.integrations, 'connectwise-psa': { enabled: false } };
    expect(faultsOf({ ...good, integrations }).join()).toContain('add "connectwise-psa" under integrations');
  });

  test.each([
    ...['a@b.example\r\nBcc: x@y.example', 'Ann <a@b.example>', 'a@b', '@b.example', 'a b@c.example'],
    ...['zoë@b.example', 'a@bücher.example', 'a@b..example', 'a@b_c.example', 'a\u0007@b.example', '"a"@b.example'],
  ])('refuses the address %j', (from) => {
    expect(
      faultsOf({ ...good, delivery: { mechanism: 'email', email: { ...good.delivery.email, from } } }),
    ).not.toEqual([]);
  });

  test('accepts an address in a domain of several parts', () => {
    const email = { ...good.delivery.email, from: 'billing@mail.eu.northwind.example' };
    expect(faultsOf({ ...good, delivery: { ...good.delivery, email } })).toEqual([]);
  });

  test('checks each address of a text with several, and reports which is wrong', () => {
    const recipients = 'a@b.example, c@d.example;not-an-address; e+f@g-h.example';
    expect(faultsOf({ ...good, delivery: { ...good.delivery, email: { from: 'a@b.example', recipients } } })).toEqual([
      expect.stringContaining('report.json: delivery.email.recipients.2: expected one e-mail address'),
    ]);
  });

  test('accepts a subject and a sender’s name of one line each', () => {
    const email = { ...good.delivery.email, fromName: 'Räpörts', subject: 'Abgleich für März' };
    expect(faultsOf({ ...good, delivery: { ...good.delivery, email } })).toEqual([]);
    const hostile = { ...good.delivery.email, fromName: 'x\r\nBcc: x@y.example', subject: ' ' };
    expect(faultsOf({ ...good, delivery: { ...good.delivery, email: hostile } })).toEqual([
      'report.json: delivery.email.fromName: expected one line',
      'report.json: delivery.email.subject: expected some text',
    ]);
  });

  test('accepts a service that sends the mail and a fallback', () => {
    const mail = (services: object) => ({
      ...good,
      delivery: { ...good.delivery, email: { ...good.delivery.email, ...services } },
    });
    expect(readConfiguration(mail({ via: 'smtp', fallback: 'ses' }), known).delivery.email).toMatchObject({
      via: 'smtp',
      fallback: 'ses',
    });
    expect(faultsOf(mail({ via: 'pigeon' }))).toEqual([
      'report.json: delivery.email.via: expected "ses" or "microsoft-365" or "smtp", found another text',
    ]);
    for (const same of [{ via: 'smtp', fallback: 'smtp' }, { fallback: 'ses' }]) {
      expect(faultsOf(mail(same))).toEqual([
        'report.json: delivery.email.fallback: expected a service other than the first one (via, or "ses" if that is left out)',
      ]);
    }
  });

  test('accepts a time zone by its IANA name, and names units unless that is switched off', () => {
    const { timeZone, units } = readConfiguration({ ...good, timeZone: 'Australia/Sydney', units: 'off' }, known);
    expect([timeZone, units]).toEqual(['Australia/Sydney', 'off']);
    expect(readConfiguration(good, known)).toMatchObject({ timeZone: undefined, units: 'named' });
    expect(faultsOf({ ...good, timeZone: '+10:00', units: 'all' })).toEqual([
      'report.json: timeZone: expected an IANA time zone such as Europe/Vienna or UTC',
      'report.json: units: expected "named" or "off", found another text',
    ]);
  });

  test('refuses more recipients than one message can have', () => {
    const recipients = Array.from({ length: 51 }, (_, index) => `u${index}@northwind.example`);
    expect(faultsOf({ ...good, delivery: { ...good.delivery, email: { from: 'a@b.example', recipients } } })).toEqual([
      'report.json: delivery.email.recipients: must be at most 50 entries long',
    ]);
  });
});

describe('the mechanism of a run', () => {
  const configured = () => readConfiguration(good, known);
  const bare = () => readConfiguration({ ...good, delivery: { mechanism: 'none' } }, known);

  test('is the configured one unless overridden', () => {
    expect(mechanismOf(configured())).toBe('psa');
    expect(mechanismOf(configured(), 'email')).toBe('email');
    expect(mechanismOf(bare(), 'return')).toBe('return');
  });

  test('cannot be one that is unknown or whose settings are missing', () => {
    expect(() => mechanismOf(configured(), 'fax')).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        message: 'deliver: expected "psa" or "email" or "return" or "none", found "fax"',
      }),
    );
    expect(() => mechanismOf(bare(), 'psa')).toThrow('report.json: delivery.psa');
    expect(() => mechanismOf(bare(), 'email')).toThrow('report.json: delivery.email');
  });
});
