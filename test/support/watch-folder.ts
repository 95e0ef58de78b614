// A small program for the watcher's test: watches a folder and prints what it is told, a JSON line each.
// Started in a namespace without file watches, which a test process cannot enter itself.
import { createSignalBus } from '../../core/services/signal-bus.ts';
import { startWatcher } from '../../core/services/workspace/watcher.ts';

const print = (value: unknown) => console.log(JSON.stringify(value));
const changes = createSignalBus<readonly string[]>();
changes.subscribe((paths) => print({ changed: paths }));
const watcher = startWatcher({
  root: process.argv[2] ?? '.',
  changes,
  onPolling: (reason) => print({ polling: reason }),
});
await watcher.ready;
print({ ready: true });
// Polling alone does not keep the process alive for ever: the test ends it.
setTimeout(() => {
  void watcher.close().then(() => process.exit(0));
}, 150_000);
