import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storedAs = 'pushfleet-theme';
const listeners = new Set<() => void>();

/** Shows the theme that was chosen in this browser. Called once, before the first paint. */
export function showStoredTheme(): void {
  show(storedTheme());
}

/** @returns The theme, and a function that chooses another one for this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, storedTheme), choose];
}

function choose(theme: Theme): void {
  localStorage.setItem(storedAs, theme);
  show(theme);
  for (const listener of listeners) listener();
}

function storedTheme(): Theme {
  const stored = localStorage.getItem(storedAs);
  return themes.find((theme) => theme === stored) ?? 'system';
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
