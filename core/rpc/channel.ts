// A two-way pipe of frames: what every transport looks like to the contract's two ends.
// Knows nothing about what the frames mean.

/** JSON text, or JSON + binary as the RPC library packs them. */
export type Frame = string | Uint8Array | ArrayBufferLike;

export interface Channel {
  /** Resolves when the transport wants more; a stream's source waits for it. Throws when closed. */
  send(frame: Frame): void | Promise<void>;
  /** At most one listener; called before any frame is delivered. */
  listen(listener: ChannelListener): void;
  close(): void;
}

export interface ChannelListener {
  /** `frame` is whatever the other side sent: not yet checked. */
  message(frame: unknown): void;
  /** Exactly once, whoever closed. */
  closed(): void;
}
