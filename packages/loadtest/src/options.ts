// All that a command line of the load tool is made of, without the tool itself: a program that has other commands, too, starts without it.
export { type AssignConnections, assignConnectionKinds } from './device/assigner.ts';
export { parseThreshold, type Threshold, ThresholdSyntaxError } from './report/threshold.ts';
export {
  type LinkMix,
  linkMixes,
  pausedRoles,
  type ScenarioName,
  scenarioNames,
  scenarios,
} from './scenario/load-plan.ts';
