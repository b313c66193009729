/** [MQTT-4.7.3-1], [MQTT-4.7.1-1], [MQTT-3.3.2-2]: at least one character, no wildcards. */
export function isTopicName(name: string): boolean {
  return name.length > 0 && !/[+#]/.test(name);
}

/** [MQTT-4.7.3-1], [MQTT-4.7.1-1], [MQTT-4.7.1-2]: wildcards have a level to themselves, "#" the last one. */
export function isTopicFilter(filter: string): boolean {
  const levels = filter.split('/');
  return (
    filter.length > 0 &&
    levels.every((level, index) => {
      if (level === '#') return index === levels.length - 1;
      return level === '+' || isTopicName(level) || level === '';
    })
  );
}

const sharePrefix = '$share/';

/** MQTT 5 only: to MQTT 3.1.1 it is a filter like any other. */
export function isShared(filter: string): boolean {
  return filter.startsWith(sharePrefix);
}

/** [MQTT-4.8.2-1], [MQTT-4.8.2-2]: `$share/{name}/{filter}`, the name without wildcards. */
export function isSharedFilter(filter: string): boolean {
  const rest = filter.slice(sharePrefix.length);
  const nameEnd = rest.indexOf('/');
  return isShared(filter) && isTopicName(rest.slice(0, Math.max(0, nameEnd))) && isTopicFilter(rest.slice(nameEnd + 1));
}
