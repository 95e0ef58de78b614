// Looks into JSON of unknown shape. Null or empty for whatever is not there or of another type.

export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export const objectAt = (value: unknown, key: string): JsonObject | null => objectOf(objectOf(value)?.[key]);

export function textAt(value: unknown, key: string): string | null {
  const found = objectOf(value)?.[key];
  return typeof found === 'string' && found !== '' ? found : null;
}

/** Finite numbers, and texts that are one. */
export function numberOf(value: unknown): number | null {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

export const numberAt = (value: unknown, key: string): number | null => numberOf(objectOf(value)?.[key]);

/** Versions are numbers in some harnesses and texts in others. */
export function versionOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? plainVersion(String(value)) : null;
  return typeof value === 'string' && value !== '' && value !== 'N/A' ? plainVersion(value) : null;
}

/** `1.0` in the file is `1` in the printed table. */
function plainVersion(text: string): string {
  return text.replace(/^(\d+)\.0$/, '$1');
}
