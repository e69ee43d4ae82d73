import { describe, expect, it } from 'vitest';
import source from '../../lambdas/sources/connectwise-psa.ts';
import { demoAgreements } from '../sandbox/agreements.ts';
import connectWisePsa from '../sandbox/psa-apis/connectwise-psa.ts';
import { sourceContract } from './contract.ts';
import { readAll, sourceRig } from './source-rig.ts';

const rig = () => sourceRig(source, connectWisePsa);

describe('ConnectWise PSA as a source of billed lines', () => {
  const { msp, clock } = rig();
  // The codebase, companies, agreements, and one call for each agreement.
  sourceContract({ rig, calls: 3 + demoAgreements(msp, clock.now()).length, knowsFree: true });

  it('reads additions without the filter where ConnectWise refuses a null test on a date, and asks so only once', async () => {
    const made = rig();
    let refusals = 0;
    const side = await readAll(made, {
      before: ({ path, query }) => {
        if (!path.endsWith('/additions') || query.get('conditions') === null) return undefined;
        refusals += 1;
        return { status: 400, body: { code: 'InvalidCondition', message: 'The conditions are not valid.' } };
      },
    });
    expect(side.lines.length).toBeGreaterThan(100);
    expect(refusals).toBeLessThanOrEqual(5);
  });

  it('costs one company its lines when one agreement cannot be read', async () => {
    const made = rig();
    const side = await readAll(made, {
      before: ({ path }) =>
        path.endsWith('/agreements/311/additions')
          ? { status: 403, body: { code: 'Forbidden', message: 'no' } }
          : undefined,
    });
    expect(side.status).toBe('partial');
    expect(side.customers.filter(({ failure }) => failure !== undefined).map(({ id }) => id)).toEqual(['251']);
  });

  it('takes a list without any line for a failure while companies are mapped', async () => {
    const empty = { status: 200, body: [] };
    await expect(
      readAll(rig(), { before: ({ path }) => (path.endsWith('/finance/agreements') ? empty : undefined) }),
    ).rejects.toMatchObject({
      name: 'VendorContractError',
      message: expect.stringContaining('nothing that is billed'),
    });
  });
});
