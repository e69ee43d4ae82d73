/** `npm run bench [-- COMPANIES SCALE]`: what collectors and sources of billed lines take at a large MSP, a table each. */
await import('./collectors.ts');
await import('./sources.ts');
