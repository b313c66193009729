// `npm run simulate`: whole clusters on a virtual clock, under faults; `npm run simulate -- scale`: millions of devices. Works in a fresh
// clone; arguments go to packages/simulation.
import { join } from 'node:path';
import { prepareWorkspace, root, runPinned } from './workspace.mjs';

prepareWorkspace();
const [first, ...rest] = process.argv.slice(2);
const source = join(root, 'packages/simulation/src');
runPinned(
  first === 'scale' ? [join(source, 'scale/main.ts'), ...rest] : [join(source, 'main.ts'), ...process.argv.slice(2)],
);
