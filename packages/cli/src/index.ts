export { allSettings } from './all-settings.ts';
export { createStateDirectory, type StateDirectory, type StateDirectoryOptions } from './state/state-directory.ts';
