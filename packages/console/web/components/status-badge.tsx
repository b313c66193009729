import './status-badge.css';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'none';

/** A state in one or two words; its colour only repeats what the words say. */
export function StatusBadge({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}
