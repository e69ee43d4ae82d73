import { describe, expect, it } from 'vitest';
import { STATE_LIMIT_BYTES } from '../../scripts/local/engine.ts';
import { answers, runScripted } from '../statemachine/scripted.ts';

describe('the embedded engine treats a step as Lambda and Step Functions would', () => {
  it('passes only JSON, both ways', async () => {
    const { calls } = await runScripted({
      consolidate: [
        answers({
          key: new Date(0),
          companies: 1,
          collected: 1,
          partial: 0,
          failed: 0,
          unmapped: 0,
          error: null,
          cause: null,
          lost: undefined,
        }),
      ],
    });
    expect(calls.find(({ step }) => step === 'create-csv')?.input).toMatchObject({
      report: { key: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('reports what a step throws as Lambda does: type and message, no stack', async () => {
    const { calls } = await runScripted({
      consolidate: [
        () => {
          throw new RangeError('too far');
        },
      ],
    });
    expect(calls.at(-1)?.input).toMatchObject({
      state: {
        error: { Error: 'RangeError', Cause: '{"errorType":"RangeError","errorMessage":"unexpected fault: too far"}' },
      },
    });
  });

  it('refuses an answer above the limit, and no Catch helps', async () => {
    const { execution, calls } = await runScripted({
      'create-csv': [answers({ csv: 'x'.repeat(STATE_LIMIT_BYTES), unmapped: '' })],
    });
    expect(execution).toMatchObject({ status: 'failed', error: 'States.DataLimitExceeded' });
    expect(execution).toMatchObject({ cause: expect.stringContaining('the answer of create-csv') });
    expect(calls.map(({ step }) => step)).not.toContain('build-automation-log');
  });

  it('ends the run if an answer lacks a field that the definition reads, and no Catch helps', async () => {
    const { execution, calls } = await runScripted({ 'create-csv': [answers({ csv: 'report.csv' })] });
    expect(execution).toMatchObject({
      status: 'failed',
      error: 'States.Runtime',
      cause: 'the definition reads unmapped, which the answer of create-csv does not have',
    });
    expect(calls.map(({ step }) => step)).not.toContain('build-automation-log');
  });

  it('refuses a state that grows above the limit although each answer is below it', async () => {
    const large = 'x'.repeat(STATE_LIMIT_BYTES * 0.4);
    const { execution } = await runScripted({
      'collector-alpha': [answers({ status: 'collected', key: large, waitSeconds: 0, customers: 1 })],
      'collector-beta': [answers({ status: 'collected', key: large, waitSeconds: 0, customers: 1 })],
      consolidate: [
        answers({
          key: large,
          companies: 1,
          collected: 2,
          partial: 0,
          failed: 0,
          unmapped: 0,
          error: null,
          cause: null,
        }),
      ],
    });
    expect(execution).toMatchObject({ status: 'failed', error: 'States.DataLimitExceeded' });
  });

  it('reports which function is missing', async () => {
    const { execution } = await runScripted({}, { mechanism: 'psa', integrations: [] });
    expect(execution.status).toBe('succeeded');
    const missing = await runScripted({
      'check-running-org': [
        answers({
          runId: 'r',
          asOf: 'a',
          mechanism: 'psa',
          psa: 'nobody',
          only: null,
          since: null,
          timeZone: 'UTC',
          units: 'named',
        }),
      ],
    });
    expect(missing.execution).toMatchObject({
      status: 'failed',
      error: 'Lambda.ResourceNotFoundException',
      cause: 'Function not found: psa-nobody',
    });
  });
});
