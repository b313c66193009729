import './status-badge.css';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'none';

/** A state in one or two words; its colour only repeats what the words say. */
export function StatusBadge({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

/** Whether a device has a link. */
export function PresenceBadge({ isConnected }: { isConnected: boolean }) {
  return <StatusBadge tone={isConnected ? 'good' : 'none'}>{isConnected ? 'Connected' : 'Away'}</StatusBadge>;
}
