/** `os=linux, site=Berlin`, in the order of the keys. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return labelList(labels).join(', ');
}

/** `['os=linux', 'site=Berlin']`, in the order of the keys; the form in which the API takes them in a query. */
export function labelList(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
}

/** Says in words why labels cannot be read as they are typed; `undefined`: they can. */
export function labelsError(text: string): string | undefined {
  const parsed = parseLabels(text);
  return 'wrong' in parsed ? `"${parsed.wrong}" is not key=value` : undefined;
}

/** Labels as people type them, between commas or on lines of their own. @returns Or what cannot be read. */
export function parseLabels(text: string): { labels: Record<string, string> } | { wrong: string } {
  const labels: Record<string, string> = {};
  for (const part of text.split(/[,\n]/).map((one) => one.trim())) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const [key, value] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at < 1 || value === '') return { wrong: part };
    labels[key] = value;
  }
  return { labels };
}
