// A link to a router of the same process: no frames, but the same validation and errors as over a wire.
import type { ClientContext, ClientOptions } from '@orpc/client';
import { type Context, createRouterClient, type Router } from '@orpc/server';
import type { Link } from './client.ts';

type LocalCall = (input: unknown, options: ClientOptions<ClientContext>) => Promise<unknown>;

// oxlint-disable-next-line typescript/no-explicit-any -- the library names "any router" this way
export function routerLink<T extends Context>(router: Router<any, T>, context: T): Link {
  const client = createRouterClient(router, { context } as never) as unknown;
  return {
    async call(path, input, options) {
      let target = client as Record<string, unknown>;
      for (const name of path) target = target[name] as Record<string, unknown>;
      return await (target as unknown as LocalCall)(input, options);
    },
  };
}
