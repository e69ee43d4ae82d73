#!/usr/bin/env bash
# A Lambda writes its report to S3 with one command of the AWS SDK, and is bundled to start quickly.
#
# Guess: the SDK is made of ES modules without side effects, so the bundle describes the one operation that is imported.
# In fact: since the descriptions became data, esbuild keeps those of all operations: their keys are computed (`[_h]: ...`), and a
# computed key might have a side effect. Rollup drops them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --prefix . @aws-sdk/client-s3@3.1175.0 esbuild@0.28.2 rollup@4.68.8 \
  @rollup/plugin-node-resolve@16.0.3 @rollup/plugin-commonjs@29.0.3 @rollup/plugin-json@6.1.0

cat > handler.mjs <<'JS'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
const client = new S3Client({});
export const handler = (event) => client.send(new PutObjectCommand(event));
JS
cat > bundle.mjs <<'JS'
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import { rollup } from 'rollup';

const OTHERS = ['DeleteBucketCors', 'GetBucketReplication', 'PutBucketWebsite', 'RestoreObject', 'SelectObjectContent'];
const report = (bundler, text) =>
  console.log(`${bundler}: PutObject ${text.includes('PutObject')}, of ${OTHERS.length} others ${OTHERS.filter((name) => text.includes(name)).length}`);

const common = { bundle: true, write: false, format: 'esm', platform: 'node', mainFields: ['module', 'main'], logLevel: 'error' };
const built = await build({ ...common, entryPoints: ['handler.mjs'], minify: true });
report('esbuild 0.28.2, minified', built.outputFiles[0].text);

const rolled = await rollup({
  input: 'handler.mjs',
  plugins: [nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs(), json()],
  onLog: () => {},
});
const { output } = await rolled.generate({ format: 'esm', inlineDynamicImports: true });
report('rollup 4.68.8', output[0].code);
JS
cat > expected <<'TXT'
esbuild 0.28.2, minified: PutObject true, of 5 others 5
rollup 4.68.8: PutObject true, of 5 others 0
TXT
node bundle.mjs | tee seen
diff expected seen || { echo 'Changed: no longer as found.'; exit 1; }
