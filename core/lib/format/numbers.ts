// How the window and the command line write numbers: counts, shares, sizes, durations, rates.
// Knows nothing about what the numbers mean.

const COUNT_STEPS = [
  { limit: 1e12, suffix: 'T' },
  { limit: 1e9, suffix: 'B' },
  { limit: 1e6, suffix: 'M' },
  { limit: 1e3, suffix: 'k' },
] as const;

const GIBIBYTE = 1024 ** 3;

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
}

/** `1048576` → `1,048,576`: exact integers, grouped by thousands. */
export function formatInteger(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `437760960` → `437.8M`, `2.097e12` → `2.1T`; below 10,000 exact. */
export function formatCount(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude < 10_000) return Number.isInteger(value) ? formatInteger(value) : trimZeros(value.toFixed(2));
  for (const step of COUNT_STEPS) {
    if (magnitude >= step.limit * 0.9995) {
      const scaled = value / step.limit;
      const decimals = Math.abs(scaled) < 10 ? 2 : Math.abs(scaled) < 1000 ? 1 : 0;
      return `${trimZeros(scaled.toFixed(decimals))}${step.suffix}`;
    }
  }
  return formatInteger(value);
}

/** Decimal units, as disks are sold: `6.1 GB`, `2.45 TB`. */
export function formatDiskSize(sizeBytes: number): string {
  const units = [
    { limit: 1e15, unit: 'PB' },
    { limit: 1e12, unit: 'TB' },
    { limit: 1e9, unit: 'GB' },
    { limit: 1e6, unit: 'MB' },
    { limit: 1e3, unit: 'kB' },
  ];
  for (const { limit, unit } of units) {
    if (sizeBytes >= limit) {
      const scaled = sizeBytes / limit;
      return `${trimZeros(scaled.toFixed(scaled < 10 ? 2 : scaled < 100 ? 1 : 0))} ${unit}`;
    }
  }
  return `${Math.round(sizeBytes)} B`;
}

/** Binary units, as GPU memory is counted: `45.1 GiB`. */
export function formatMemorySize(sizeBytes: number): string {
  const gibibytes = sizeBytes / GIBIBYTE;
  if (gibibytes >= 0.1) return `${gibibytes.toFixed(gibibytes < 100 ? 1 : 0)} GiB`;
  return `${trimZeros((sizeBytes / 1024 ** 2).toFixed(1))} MiB`;
}

/** `0.7` → `70 %`; small shares keep one decimal. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${trimZeros(percent.toFixed(percent >= 10 || percent === 0 ? 0 : 1))} %`;
}

/** Hours as a person says them: `45 min`, `7.5 h`, `16.8 d`. */
export function formatHours(hours: number): string {
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min`;
  if (hours < 48) return `${trimZeros(hours.toFixed(1))} h`;
  return `${trimZeros((hours / 24).toFixed(1))} d`;
}

/** A learning rate or another small factor: `0.003`, `1e-7`, `2.5e-4`. */
export function formatRate(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 1e-3) return String(Number(value.toPrecision(4)));
  return Number(value.toPrecision(3)).toExponential().replace('e+', 'e');
}
