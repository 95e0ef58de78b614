// The event of a kind that a stream of core says, usually its last one.

/** Reads no further than that event. Throws when the stream ends without it. */
export async function eventOf<Event extends { readonly kind: string }, Kind extends Event['kind']>(
  events: AsyncIterable<Event> | Promise<AsyncIterable<Event>>,
  kind: Kind,
): Promise<Extract<Event, { kind: Kind }>> {
  for await (const event of await events) {
    if (event.kind === kind) return event as Extract<Event, { kind: Kind }>;
  }
  throw new Error(`The stream ended without ${kind}`);
}
