// `npm run simulate`: whole clusters on a virtual clock, under faults; `npm run simulate -- scale`: millions of devices;
// `npm run simulate -- coverage`: the share of lines that a simulation executes. Works in a fresh clone; arguments go to packages/simulation.
import { join } from 'node:path';
import { prepareWorkspace, root, runPinned } from './workspace.mjs';

prepareWorkspace();
const entries = { scale: 'scale/main.ts', coverage: 'coverage/main.ts' };
const args = process.argv.slice(2);
const entry = entries[args[0]];
const source = join(root, 'packages/simulation/src', entry ?? 'main.ts');
runPinned([source, ...(entry ? args.slice(1) : args)]);
