// The text of an answer out of the bytes of its tokens: a character may be spread over several tokens, and a stop text
// too. What could still become either is held back. Knows no models.

export interface TextPart {
  /** What is certain now. */
  readonly text: string;
  /** A stop text was reached; the text ends before it, and nothing may follow. */
  readonly isStopped: boolean;
}

export class AnswerText {
  private readonly decoder = new TextDecoder();
  private readonly stopTexts: readonly string[];
  /** Decoded, but perhaps the beginning of a stop text. */
  private held = '';

  constructor(stopTexts: readonly string[]) {
    this.stopTexts = stopTexts;
  }

  push(bytes: Uint8Array): TextPart {
    return this.take(this.held + this.decoder.decode(bytes, { stream: true }));
  }

  /** What was held back, when no token follows any more. Half a character becomes the replacement character. */
  end(): TextPart {
    const { text, isStopped } = this.take(this.held + this.decoder.decode());
    const rest = isStopped ? '' : this.held;
    this.held = '';
    return { text: text + rest, isStopped };
  }

  private take(text: string): TextPart {
    const found = this.stopTexts.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      this.held = '';
      return { text: text.slice(0, Math.min(...found)), isStopped: true };
    }
    const kept = Math.max(0, ...this.stopTexts.map((stop) => beginningAtEnd(text, stop)));
    this.held = text.slice(text.length - kept);
    return { text: text.slice(0, text.length - kept), isStopped: false };
  }
}

/** Characters at the end of a text that are the beginning of another. */
function beginningAtEnd(text: string, whole: string): number {
  for (let length = Math.min(text.length, whole.length - 1); length > 0; length -= 1) {
    if (text.endsWith(whole.slice(0, length))) return length;
  }
  return 0;
}
