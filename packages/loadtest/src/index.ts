export { type AssignConnections, assignConnectionKinds } from './device/assigner.ts';
export { isLoopback } from './device/dial.ts';
export { Fleet, type FleetOptions } from './fleet/fleet.ts';
export type { FleetTask, FleetTick } from './fleet/messages.ts';
export type { KnownProcess } from './measure/cluster-sampler.ts';
export { argumentsOf, childrenOf, isWorker } from './measure/process-usage.ts';
export { PushLoad, type PushLoadOptions, type PushPace } from './measure/push-load.ts';
export { buildReport, type RunFacts, type RunMeasurements } from './report/build-report.ts';
export { compareReports, renderComparison } from './report/compare-reports.ts';
export { renderHtml } from './report/html/render-html.ts';
export { allLatencyNames, type LatencyName, latencyNames } from './report/latency-names.ts';
export { LinkSamples } from './report/link-samples.ts';
export { LoadRecorder } from './report/load-recorder.ts';
export type * from './report/load-report.ts';
export { loadReportSchema, reportSchemaVersion } from './report/load-report.ts';
export { parseReport, ReportSyntaxError } from './report/parse-report.ts';
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
export { ReportFile, ReportFileError } from './report/report-file.ts';
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
export {
  defaultAddresses,
  defaultProcesses,
  type LinkMix,
  type LoadPlan,
  linkMixes,
  mayHavePhase,
  mostPerProcess,
  type PausedRole,
  pausedRoles,
  type ScenarioName,
  scenarioNames,
  scenarioPhases,
  scenarios,
} from './scenario/load-plan.ts';
export type { LoadTarget } from './scenario/load-target.ts';
export { type RunLoadOptions, runLoad } from './scenario/run-load.ts';
