// `npm run simulate`: whole clusters on a virtual clock, under faults. Works in a fresh clone; arguments go to packages/simulation.
import { join } from 'node:path';
import { prepareWorkspace, root, runPinned } from './workspace.mjs';

prepareWorkspace();
runPinned([join(root, 'packages/simulation/src/main.ts'), ...process.argv.slice(2)]);
