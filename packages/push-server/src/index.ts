export { runPushServer } from './run-push-server.ts';
export { pushServerSettings, readPushServerSettings } from './settings.ts';
export { describeShortage, planInput, planWorkers } from './supervisor/capacity.ts';
