import { enableCompileCache } from 'node:module';

// Node keeps what it made of the modules and their types for the next time. Whatever is loaded before this is not kept.
enableCompileCache();
const { command } = await import('./local/command.ts');
const { report } = await import('./local/report.ts');
await command(() => report(process.argv.slice(2)));
