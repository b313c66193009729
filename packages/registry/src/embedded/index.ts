export { Database, type MachineClock } from './database.ts';
export { createEmbeddedRegistry } from './registry.ts';
