import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finished } from './command.ts';
import { ACCOUNT, REGION } from './emulator.ts';

const CONDITION = /^ +Condition:\n +StringEquals:\n +aws:ResourceAccount:\n +- Fn::Sub: \$\{AWS::AccountId\}\n/mu;

/**
 * CDK's own bootstrap, but for one condition of the role that uploads files: the emulator does not know
 * `aws:ResourceAccount` and would refuse it everything. Resolves to the command that made it.
 */
export async function bootstrap(cdk: (...args: string[]) => Promise<Finished>, folder: string): Promise<Finished> {
  const { stdout } = await cdk('bootstrap', '--show-template');
  if (!CONDITION.test(stdout)) throw new Error('the bootstrap template no longer has the condition that is taken out');
  const template = join(folder, 'bootstrap.yaml');
  writeFileSync(template, stdout.replace(CONDITION, ''));
  return cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`, '--app', '', '--template', template);
}
