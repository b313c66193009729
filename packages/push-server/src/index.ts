export { runPushServer } from './run-push-server.ts';
export { type PushServerSettings, pushServerSettings } from './settings.ts';
