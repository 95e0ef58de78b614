// What a test may ask of the desktop host under the stand-in, over the channel the process was started with.
import { app, inside } from './standin/electron.ts';

const firstPage = () => inside.windows[0]?.webContents.page;

const control: Record<string, (input: never) => unknown> = {
  evaluate: (expression: string) => firstPage()?.evaluate(expression),
  windows: () =>
    inside.windows.map((one) => ({ ...one.options.webPreferences, url: one.webContents.mainFrame.url })),
  pages: () => firstPage()?.context().pages().length,
  titles: () => Promise.all(inside.windows.map(async ({ webContents }) => await webContents.page?.title())),
  opened: () => inside.opened,
  cores: () => Array.from(inside.children, (child) => child.pid),
  async permission(name: string) {
    const { request, check, device } = inside.permissions;
    const asked = await new Promise((resolve) => request(null, name, resolve));
    return [asked, check(null, name), device()];
  },
  invokeFrom: ([url, channel, ...input]: [string, string, ...unknown[]]) =>
    inside.callHandler({ sender: { mainFrame: { url } }, senderFrame: { url } }, channel, input),
  choose(paths: string[]) {
    inside.chosenPaths = paths;
  },
  clickMenu(label: string) {
    const items = inside.menu.flatMap((top) => (Array.isArray(top.submenu) ? top.submenu : []));
    (items.find((item) => item.label === label)?.click as (() => void) | undefined)?.();
  },
  quit: () => app.quit(),
};

async function carryOut(id: number, name: string, input: never): Promise<void> {
  try {
    process.send?.({ id, value: await control[name]?.(input) });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
}

process.on('message', (message: { id: number; name: string; input: never }) => {
  void carryOut(message.id, message.name, message.input);
});
