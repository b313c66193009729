import type { CommandRecord } from '../../api/messages.ts';
import { formatDecimal, formatTimeOfDay } from '../../app/format.ts';
import { outcomeWords } from '../../app/outcomes.ts';
import type { Tone } from '../../components/status-badge.tsx';

interface Step {
  label: string;
  text: string;
  /** RFC 3339; `undefined`: it was not reached, or not seen. */
  at: string | undefined;
  tone: Tone | undefined;
}

/** The ladder of outcomes that a command has climbed, with the time of each. */
export function CommandTimeline({ command }: { command: CommandRecord }) {
  const steps = stepsOf(command);
  return (
    <ol className="timeline" aria-label="What became of it">
      {steps.map(({ label, text, at, tone }, index) => (
        <li key={label} data-tone={tone}>
          <div className="timeline-head">
            <strong>{label}</strong>
            {at !== undefined && (
              <time dateTime={at} className="soft">
                {index === 0 ? formatTimeOfDay(at) : `+${sinceText(steps[0]?.at ?? at, at)}`}
              </time>
            )}
          </div>
          {text !== '' && <div className="soft">{text}</div>}
        </li>
      ))}
    </ol>
  );
}

const notEnded: Step = { label: 'Ended', text: '', at: undefined, tone: undefined };

/** What has happened, then what may still come; of what has ended, only what has happened. */
function stepsOf({ status, acceptedAt, routedAt, deliveredAt, runningAt, durable, nodeId }: CommandRecord): Step[] {
  const outcome = status?.outcome ?? 'OUTCOME_UNSPECIFIED';
  const { isFinal, label, tone, text } = outcomeWords[outcome];
  const step = (name: keyof typeof outcomeWords, at: string | undefined, words = outcomeWords[name].text): Step => ({
    ...{ label: outcomeWords[name].label, text: words, at, tone: at === undefined ? undefined : 'busy' },
  });
  const routed = nodeId === '' ? undefined : `Handed to the push server ${nodeId}, which holds its link.`;
  const before = [
    {
      label: 'Accepted',
      at: acceptedAt,
      tone: 'busy' as const,
      text: durable ? 'Kept in the registry.' : 'Kept by the balancer.',
    },
    ...(outcome === 'OUTCOME_QUEUED' ? [step('OUTCOME_QUEUED', status?.at)] : []),
    step('OUTCOME_ROUTED', routedAt, routed),
    step('OUTCOME_DELIVERED', deliveredAt),
    step('OUTCOME_RUNNING', runningAt),
  ];
  const reached = before.filter(({ at }) => at !== undefined);
  if (!isFinal) {
    const last = before.findLastIndex(({ at }) => at !== undefined);
    return [...reached, ...before.slice(last + 1).map((one) => ({ ...one, text: '' })), notEnded];
  }
  return [...reached, { label, text: status?.reason || text, at: status?.at, tone }];
}

/** `12 ms`, `3.4 s` */
function sinceText(from: string, to: string): string {
  const ms = Math.max(0, new Date(to).getTime() - new Date(from).getTime());
  if (ms < 1_000) return `${formatDecimal(ms)} ms`;
  return ms < 120_000 ? `${formatDecimal(ms / 1_000)} s` : `${formatDecimal(ms / 60_000)} min`;
}
