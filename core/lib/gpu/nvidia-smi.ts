// What nvidia-smi prints about the GPUs of a computer, as CSV without units. Fields that a card or a driver does not know are null.

/** The name comes last: it alone may hold a comma. */
const FIELDS = [
  'index',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'power.draw',
  'enforced.power.limit',
  'temperature.gpu',
  'uuid',
  'name',
] as const;

export const GPU_QUERY: readonly string[] = [
  'nvidia-smi',
  `--query-gpu=${FIELDS.join(',')}`,
  '--format=csv,noheader,nounits',
];

export interface GpuReading {
  readonly index: number;
  readonly name: string;
  readonly uuid: string;
  /** 0 to 100. */
  readonly utilizationPercent: number | null;
  readonly memoryUsedMib: number | null;
  readonly memoryTotalMib: number | null;
  readonly powerWatts: number | null;
  readonly powerLimitWatts: number | null;
  readonly temperatureCelsius: number | null;
}

/** One line of the answer; null for a line that is none (a message of the driver, an empty line). */
export function parseGpuLine(line: string): GpuReading | null {
  const fields = line.split(',').map((field) => field.trim());
  if (fields.length < FIELDS.length || !/^\d{1,4}$/.test(fields[0] ?? '')) return null;
  const [index, utilization, used, total, power, limit, temperature, uuid = '', ...name] = fields;
  return {
    index: Number(index),
    name: name.join(', '),
    uuid,
    utilizationPercent: numberOf(utilization),
    memoryUsedMib: numberOf(used),
    memoryTotalMib: numberOf(total),
    powerWatts: numberOf(power),
    powerLimitWatts: numberOf(limit),
    temperatureCelsius: numberOf(temperature),
  };
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU requires reset]`. */
function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}
