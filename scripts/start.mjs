// `npm start`: a whole cluster on this machine. Works in a fresh clone; arguments go to `pushfleet dev`.
import { join } from 'node:path';
import { prepareWorkspace, root, runPinned } from './workspace.mjs';

prepareWorkspace();
runPinned([join(root, 'packages/cli/bin/pushfleet.js'), 'dev', ...process.argv.slice(2)], { channel: true });
