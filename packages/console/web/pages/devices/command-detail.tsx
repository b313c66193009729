import { useMutation } from '@tanstack/react-query';
import { cancelCommand, useCommand } from '../../api/commands.ts';
import type { CommandRecord, CommandStatus } from '../../api/messages.ts';
import { formatInteger, formatPercent, formatTime } from '../../app/format.ts';
import { describeOperation, outputText } from '../../app/operation.ts';
import { outcomeWords } from '../../app/outcomes.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { ProgressBar } from '../../components/load-bar.tsx';
import { Facts } from '../../components/page.tsx';
import { LiveStatus } from '../../components/status-badge.tsx';
import { CommandTimeline } from './command-timeline.tsx';
import { StatisticsView } from './statistics-view.tsx';

/** One command: how far it got, and what the device said of it. */
export function CommandDetail({ deviceId, commandId }: { deviceId: string; commandId: string }) {
  const { command, state } = useCommand(deviceId, commandId);
  if (!command?.status) {
    const isGone = state === 'broken';
    return (
      <p className="soft" role="status">
        {isGone
          ? 'There is no such command, or it is no longer kept: direct ones are for a minute, durable ones for a day.'
          : 'Loading …'}
      </p>
    );
  }
  return (
    <div className="command-detail">
      <CommandTimeline command={command} />
      <span className="said">
        <LiveStatus of={describeOperation(command.operation)}>{outcomeWords[command.status.outcome].label}</LiveStatus>
      </span>
      <div className="stack">
        <CommandFacts command={command} />
        <CommandResult status={command.status} />
        {!outcomeWords[command.status.outcome].isFinal && <CancelButton command={command} />}
      </div>
    </div>
  );
}

function CommandFacts({ command }: { command: CommandRecord }) {
  const { commandId, durable, deliverBy, finishBy, nodeId, operation } = command;
  const parameters = Object.entries(operation?.runTask?.parameters ?? {});
  return (
    <Facts
      facts={[
        ['Id', <code key="id">{commandId}</code>],
        ['Delivery', durable ? 'Durable' : 'Direct'],
        ...(nodeId === '' ? [] : [['Push server', nodeId] as const]),
        ...parameters.map(([key, value]) => [key, value] as const),
        ...(deliverBy ? [['To be delivered by', formatTime(deliverBy)] as const] : []),
        ...(finishBy ? [['To be finished by', formatTime(finishBy)] as const] : []),
      ]}
    />
  );
}

function CommandResult({ status: { progress, output, statistics, outcome } }: { status: CommandStatus }) {
  const text = output === '' ? '' : outputText(output);
  return (
    <>
      {progress && outcome === 'OUTCOME_RUNNING' && (
        <ProgressBar label="Progress" value={progress.percent} max={100}>
          {formatPercent(progress.percent / 100)} {progress.message}
        </ProgressBar>
      )}
      {output !== '' && (
        <section aria-label="Output">
          <pre className="command-output">
            {text ?? `${formatInteger(Math.ceil(output.length * 0.75))} bytes that are no text`}
          </pre>
        </section>
      )}
      {statistics && <StatisticsView statistics={statistics} />}
    </>
  );
}

function CancelButton({ command }: { command: CommandRecord }) {
  const mayPush = useMay('ROLE_OPERATOR');
  const cancel = useMutation({ mutationFn: () => cancelCommand(command, 'cancelled in the console') });
  if (!mayPush) return null;
  const isAsked = command.status?.cancelRequested === true;
  return (
    <>
      {cancel.error && <ErrorMessage error={cancel.error} />}
      <div className="row">
        <Button isBusy={cancel.isPending} isDisabled={isAsked} onPress={() => cancel.mutate()}>
          Cancel the command
        </Button>
        {isAsked && <span className="soft">The device is told to give it up.</span>}
      </div>
    </>
  );
}
