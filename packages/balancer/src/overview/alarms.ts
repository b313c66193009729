import type { admin, DeviceId, NodeId } from '@pushfleet/protocol';
import type { DistributionPoint, NodeProblemKind } from '@pushfleet/registry';
import type { PeerStatusAnswer } from '../commands/peers/peer-statuses.ts';
import type { JudgedNode } from '../node-directory.ts';
import { isWanted, missingNodes } from './node-loads.ts';

/** Everything that alarms are read from. */
export interface Facts {
  nodes: readonly JudgedNode[];
  /** `undefined`: never known. */
  points: readonly DistributionPoint[] | undefined;
  /** This balancer and all others. */
  balancers: readonly PeerStatusAnswer[];
  /** Why the registry is not of full use. */
  registryProblem: string | undefined;
  /** Faults of how its store is set up, in words. */
  registryFindings: readonly string[];
  wallMs: number;
}

/** Something that is wrong now. */
export interface Finding {
  kind: admin.Alarm;
  /** The id of the push server, device or balancer; `registry`. */
  subject: string;
  detail: string;
  /** Since when it is so, by the wall clock, where that is known; else since it was first found. */
  sinceMs?: number;
  /** It is raised only once it has been so for this long. */
  holdMs?: number;
  /** The device that it is about. */
  device?: DeviceId;
}

const endingWithinMs = 30 * 86_400_000;
/** A push server that is started anew is not registered for a moment. */
const missingHoldMs = 10_000;

/** All that is wrong, each kind and subject once. */
export function findAlarms(facts: Facts): Finding[] {
  const found = [...registryAlarms(facts), ...facts.nodes.flatMap((node) => nodeAlarms(node, facts))];
  const missing = missingNodes(facts.nodes, facts.points).map(notRegistered);
  const all = [...found, ...missing, ...facts.balancers.flatMap((balancer) => balancerAlarms(balancer, facts))];
  return [...new Map(all.toReversed().map((one) => [alarmKey(one), one])).values()].toReversed();
}

export function alarmKey({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string {
  return `${kind} ${subject}`;
}

function registryAlarms({ registryProblem, registryFindings, nodes }: Facts): Finding[] {
  const lostAtMs = Math.max(0, ...nodes.map(({ sightings }) => sightings?.registryLostAtMs ?? 0));
  const subject = 'registry';
  const lost = { kind: 'ALARM_REGISTRY_LOST', subject } as const;
  const cameBack = 'it came back without its data, or its last writes; push servers assert their sessions anew';
  return [
    ...(registryProblem === undefined ? [] : [{ ...lost, detail: registryProblem }]),
    ...(lostAtMs === 0 ? [] : [{ ...lost, detail: cameBack, sinceMs: lostAtMs }]),
    ...(registryFindings.length === 0
      ? []
      : [{ kind: 'ALARM_REGISTRY_UNFIT', subject, detail: registryFindings.join('; ') } as const]),
  ];
}

function nodeAlarms(node: JudgedNode, { points, wallMs }: Facts): Finding[] {
  const { nodeId: subject, liveness, silentMs, overloaded, problem, certificateEndsAtMs, sightings } = node;
  if (liveness === 'dead') {
    if (!isWanted(node.nodeId, points)) return [];
    const detail = `silent for ${Math.round(silentMs / 1_000)} s; its devices are assigned elsewhere`;
    return [{ kind: 'ALARM_PUSH_SERVER_LOST', subject, detail, sinceMs: wallMs - Math.round(silentMs) }];
  }
  const clones = (sightings?.clones ?? []).map(({ device, atMs, reason }): Finding => {
    const detail = `${reason} on push server ${subject}: its credential is probably on two machines`;
    return { kind: 'ALARM_CLONE_SUSPECTED', subject: device, detail, sinceMs: atMs, device };
  });
  return [
    ...(problem ? [{ kind: problemAlarms[problem.kind] ?? otherProblem, subject, detail: problem.detail }] : []),
    ...(overloaded ? [{ kind: 'ALARM_OVERLOADED', subject, detail: overloadDetail(node) } as const] : []),
    ...endingCertificate(subject, certificateEndsAtMs, wallMs),
    ...clones,
  ];
}

const otherProblem = 'ALARM_PUSH_SERVER_PROBLEM';
const problemAlarms: Partial<Record<NodeProblemKind, admin.Alarm>> = {
  'port-in-use': 'ALARM_PORT_IN_USE',
  'certificate-expired': 'ALARM_CERTIFICATE_ENDING',
};

function overloadDetail({ acceptsPerSecond }: JudgedNode): string {
  return `more devices come than the ${acceptsPerSecond} a second that it can take; those that it has stay`;
}

function notRegistered(subject: NodeId): Finding {
  const detail = 'it is to run, and no push server of this distribution point is registered';
  return { kind: 'ALARM_PUSH_SERVER_LOST', subject, detail, holdMs: missingHoldMs };
}

function balancerAlarms(balancer: PeerStatusAnswer, { wallMs }: Facts): Finding[] {
  const { balancerId: subject } = balancer;
  if ('problem' in balancer) {
    return [
      { kind: 'ALARM_BALANCER_UNREACHABLE', subject, detail: `${balancer.problem}; its commands are not counted` },
    ];
  }
  return endingCertificate(subject, balancer.certificateEndTimeMs || undefined, wallMs);
}

function endingCertificate(subject: string, endsAtMs: number | undefined, wallMs: number): Finding[] {
  if (endsAtMs === undefined || endsAtMs - wallMs > endingWithinMs) return [];
  const when = new Date(endsAtMs).toISOString().replace('.000Z', 'Z');
  const detail = `a certificate of it ${endsAtMs > wallMs ? 'ends' : 'has ended'} on ${when}`;
  return [{ kind: 'ALARM_CERTIFICATE_ENDING', subject, detail, sinceMs: endsAtMs - endingWithinMs }];
}

/** An alarm as it is shown. */
export interface RaisedAlarm {
  kind: admin.Alarm;
  subject: string;
  detail: string;
  startTimeMs: number;
  device: DeviceId | undefined;
}

/** Remembers since when each alarm is on. */
export class AlarmLog {
  #since = new Map<string, { foundAtMs: number; startTimeMs: number }>();

  /** The findings that are to be shown, in their order. @param nowMs Of the monotonic clock. */
  update(findings: readonly Finding[], nowMs: number, wallMs: number): RaisedAlarm[] {
    const since = new Map(
      findings.map((finding) => {
        const key = alarmKey(finding);
        const first = { foundAtMs: nowMs, startTimeMs: finding.sinceMs ?? wallMs };
        return [key, this.#since.get(key) ?? first] as const;
      }),
    );
    this.#since = since;
    return findings.flatMap(({ kind, subject, detail, device, holdMs = 0 }) => {
      const known = since.get(alarmKey({ kind, subject }));
      if (!known || nowMs - known.foundAtMs < holdMs) return [];
      return [{ kind, subject, detail, startTimeMs: known.startTimeMs, device }];
    });
  }
}
