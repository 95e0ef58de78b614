// Why a checkpoint is not read: damaged bytes, or something in it that a head never needs.

/** `message` continues a sentence that starts with the name of the file: "is cut off: …". */
export class CheckpointRefusal extends Error {
  override readonly name = 'CheckpointRefusal';
  readonly code: 'CORRUPT_FILE' | 'INVALID_INPUT';

  constructor(code: CheckpointRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export function damaged(reason: string): CheckpointRefusal {
  return new CheckpointRefusal('CORRUPT_FILE', `is damaged or cut off: ${reason}`);
}

export function unsupported(reason: string): CheckpointRefusal {
  return new CheckpointRefusal('INVALID_INPUT', `cannot be read as a head: ${reason}`);
}
