import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A regular expression of Go, which has no flag `u`. */
const SCHEMAS = /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const CONSTANT = /^const (_\w+) = ("[^"\n]*");$/gmu;
const COMPUTED_KEY = /\[(_\w+)\]:/gu;

/**
 * The AWS SDK describes each operation in an object whose keys are constants (`{ [_h]: … }`). For esbuild a computed
 * key may have side effects, so it keeps the description of every operation of a client. With the constants' texts as
 * keys it keeps only those of the operations in use.
 */
export const sdkSchemas: Plugin = {
  name: 'sdk-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const constants = new Map([...text.matchAll(CONSTANT)].map(([, name, value]) => [name, value]));
      const contents = text.replace(COMPUTED_KEY, (whole, name: string) => {
        const value = constants.get(name);
        return value === undefined ? whole : `${value}:`;
      });
      return { contents };
    });
  },
};
