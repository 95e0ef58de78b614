// How long after the first line of a log another one was written.

/** `+0:00:12`, `+1:02:03`, `+3 d 04:05:06`; hours are enough for a glance. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return days > 0 ? `+${days} d ${two(hours)}:${rest}` : `+${hours}:${rest}`;
}
