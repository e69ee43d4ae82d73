import { describe } from 'vitest';
import duo from '../../lambdas/collectors/duo.ts';
import huntress from '../../lambdas/collectors/huntress.ts';
import synnexAustralia from '../../lambdas/collectors/synnex-australia.ts';
import streamOneIon from '../../lambdas/collectors/td-synnex-streamone-ion.ts';
import { collectorContract } from '../collectors/contract.ts';

// Vendors that speak in very different ways; all nineteen would take hours.
describe.each([duo, huntress, synnexAustralia, streamOneIon].map((collector) => [collector.id, collector] as const))(
  '%s',
  (_, collector) => {
    collectorContract(collector);
  },
);
