import { formatRelative, formatTime } from '../app/format.ts';
import { useNow } from '../app/use-now.ts';

/** How long ago something was, or until it will be; the pointer shows when exactly. @param at RFC 3339 */
export function RelativeTime({ at }: { at: string }) {
  const nowMs = useNow(5_000);
  return (
    <time dateTime={at} title={formatTime(at)}>
      {formatRelative(at, nowMs)}
    </time>
  );
}

/** When something began, and when it ended; nothing of what is not known yet. */
export function TimeSpan({ startedAt, endedAt }: { startedAt: string | undefined; endedAt: string | undefined }) {
  return (
    <p className="soft">
      {startedAt && (
        <>
          Began <RelativeTime at={startedAt} />
        </>
      )}
      {endedAt && (
        <>
          , ended <RelativeTime at={endedAt} />
        </>
      )}
    </p>
  );
}
