import { defineConfig } from 'vitest/config';

/** Public clients in processes of their own, one after the other. */
export default defineConfig({
  test: { include: ['test/clients/*.spec.ts'], testTimeout: 60_000, hookTimeout: 300_000, reporters: ['verbose'] },
});
