export { buildReport, type RunFacts, type RunMeasurements } from './report/build-report.ts';
export { allLatencyNames, type LatencyName, latencyNames } from './report/latency-names.ts';
export { LinkSamples } from './report/link-samples.ts';
export { LoadRecorder } from './report/load-recorder.ts';
export type * from './report/load-report.ts';
export { loadReportSchema, reportSchemaVersion } from './report/load-report.ts';
export { type ProcessSample, ProcessSamples } from './report/process-samples.ts';
export {
  type CountName,
  type ErrorRecord,
  emptyRecording,
  mergeRecordings,
  type Recording,
  type SecondRecord,
  type TotalName,
} from './report/recording.ts';
export { RunRecording } from './report/run-recording.ts';
export type { Paint } from './report/terminal/paint.ts';
export {
  type Progress,
  type ProgressFacts,
  progressLine,
  progressLines,
  readProgress,
} from './report/terminal/progress.ts';
export { ProgressDisplay, type ProgressStream } from './report/terminal/progress-display.ts';
export { renderSummary } from './report/terminal/summary.ts';
export { judge, parseThreshold, type Threshold, ThresholdSyntaxError } from './report/threshold.ts';
