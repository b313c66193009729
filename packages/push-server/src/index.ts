export { runPushServer } from './run-push-server.ts';
export { pushServerSettings } from './settings.ts';
