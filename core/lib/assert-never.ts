// The one way to say that a union was handled completely.

/** Throws when reached: the compiler proves that it cannot be, unless data broke its type. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
