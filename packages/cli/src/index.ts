export { createStateDirectory, type StateDirectory, type StateDirectoryOptions } from './state/state-directory.ts';
