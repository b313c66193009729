export { allLatencyNames, type LatencyName, latencyNames } from './report/latency-names.ts';
export { LoadRecorder } from './report/load-recorder.ts';
export type * from './report/load-report.ts';
export { loadReportSchema, reportSchemaVersion } from './report/load-report.ts';
export {
  type CountName,
  type ErrorRecord,
  emptyRecording,
  mergeRecordings,
  type Recording,
  type SecondRecord,
  type TotalName,
} from './report/recording.ts';
