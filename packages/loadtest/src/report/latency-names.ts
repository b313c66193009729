/** Times that a run measures, said once: the keys of `latencies` in the report, and the first part of the metrics of `--fail-if`. */
export const latencyNames = {
  assign: 'from asking a balancer where the device belongs until its answer',
  handshake: 'from opening the TCP connection until the TLS session stands',
  connect: 'from the moment at which the device was to come until it takes commands, assignment and waiting included',
  return: 'from the loss of a link until the device takes commands again',
  delivered: 'from the moment at which a command was to be sent until the device has it',
  push: 'from the moment at which a command was to be sent until its final outcome is known to its sender',
  groupSync: "from the start of a group's synchronization until the outcome of each of its devices",
  tunnelOpen: 'from asking for a tunnel until its first byte can be sent',
  fleetLag:
    "from the arrival of anything at a process of the fleet until it is looked at: the load tool's own part of what devices measure",
  witnessLag: 'the same of the process whose devices get commands while the others come; it has nothing else to do',
  pushLag:
    "the same of the process that sends the commands: with `witnessLag`, or else `fleetLag`, the load tool's own part of `push`",
} as const satisfies Record<string, string>;
export type LatencyName = keyof typeof latencyNames;

export const allLatencyNames = Object.keys(latencyNames) as LatencyName[];
