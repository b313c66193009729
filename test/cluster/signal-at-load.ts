// Preloaded (`--import`) into a process of a test: sends it a signal at the moment when it loads the module that
// PUSHFLEET_TEST_SIGNAL_AT names by the end of its path.
import { registerHooks } from 'node:module';

const { PUSHFLEET_TEST_SIGNAL_AT: at = '', PUSHFLEET_TEST_SIGNAL: signal = 'SIGTERM' } = process.env;

registerHooks({
  load(url, context, load) {
    if (url.endsWith(at)) process.kill(process.pid, signal);
    return load(url, context);
  },
});
