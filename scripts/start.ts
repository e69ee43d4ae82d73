import { enableCompileCache } from 'node:module';

// Node keeps what it made of the modules and their types for the next time. Whatever is loaded before this is not kept.
enableCompileCache();
const { command } = await import('./local/command.ts');
const { start } = await import('./local/start.ts');
await command(() => start(process.argv.slice(2)));
