// What a push server is made of, for those who run it in another world than processes and sockets.
export type { ConnectCall } from './links/grpc/link.ts';
export { GrpcLink } from './links/grpc/link.ts';
export type { AcceptLink } from './links/link.ts';
export { MqttLink } from './links/mqtt/link.ts';
export { lastSilenceFactor, type PushServerSettings, readPushServerSettings } from './settings.ts';
export { Supervisor } from './supervisor/supervisor.ts';
export type { LaunchedWorker, WorkerChild } from './supervisor/worker-process.ts';
export type { CreateDevicePort, DeviceListenerOptions, DevicePort } from './worker/device-listener.ts';
export { type FromWorker, isToWorker, type ToWorker, type WorkerTask } from './worker/messages.ts';
export { SupervisorWatch } from './worker/supervisor-watch.ts';
export { Worker } from './worker/worker.ts';
