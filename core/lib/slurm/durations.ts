// Times as Slurm writes them.

/** `2-03:04:05`, `03:04:05`, `04:05`, `7` (minutes) → seconds; null for UNLIMITED, NOT_SET and anything else. */
export function slurmSeconds(text: string): number | null {
  const found = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text.trim());
  if (!found) return null;
  const [, days, first = '0', second, third] = found;
  const parts = [first, second, third].filter((part) => part !== undefined).map(Number);
  const inDay = Number(days ?? 0) * 86_400;
  const [a = 0, b = 0, c = 0] = parts;
  if (days !== undefined) return inDay + a * 3600 + b * 60 + c;
  if (parts.length === 3) return a * 3600 + b * 60 + c;
  return parts.length === 2 ? a * 60 + b : a * 60;
}

/** As `sbatch --time` takes it: `D-HH:MM:SS`. */
export function slurmTime(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(whole / 86_400);
  const clock = `${two(Math.floor((whole % 86_400) / 3600))}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return days === 0 ? clock : `${days}-${clock}`;
}
