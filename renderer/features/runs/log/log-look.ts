// How logs are drawn, remembered with the workspace.

export interface LogLook {
  readonly isWrapped: boolean;
  readonly isFolded: boolean;
  /** How long after the first line each was written. */
  readonly hasTimes: boolean;
}

export const defaultLogLook: LogLook = { isWrapped: false, isFolded: true, hasTimes: false };

export function parseLogLook(stored: unknown): LogLook | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const flag = (name: keyof LogLook): boolean => {
    const value = (stored as Partial<Record<keyof LogLook, unknown>>)[name];
    return typeof value === 'boolean' ? value : defaultLogLook[name];
  };
  return { isWrapped: flag('isWrapped'), isFolded: flag('isFolded'), hasTimes: flag('hasTimes') };
}
