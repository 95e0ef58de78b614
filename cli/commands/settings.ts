// `nesso settings`: the settings of this user, the same that the window shows.
import type { Command } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import { settings as settingsSchema } from '../../core/api/system.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';

export function registerSettings(program: Command, context: CommandContext): void {
  const settings = program.command('settings').description('show and change the settings of this user');

  settings
    .command('show')
    .description('every setting with its value')
    .action(
      context.action(async () => {
        await using open = await context.openCore();
        const current = await open.client.system.readSettings(undefined, { signal: context.signal });
        context.print(current, () =>
          table(
            ['Setting', 'Value'],
            Object.entries(current).map(([name, value]) => [name, String(value)]),
          ),
        );
        return 0;
      }),
    );

  settings
    .command('set')
    .description('change one setting')
    .argument('<name>')
    .argument('<value>')
    .action(
      context.action(async (name: string, value: string) => {
        await using open = await context.openCore();
        const changed = await open.client.system.writeSettings(parseSetting(name, value));
        context.print(changed, `${name} is ${value}`);
        return 0;
      }),
    );
}

/** The text as the setting's own type. INVALID_INPUT names what is allowed. */
function parseSetting(name: string, text: string) {
  const value = text === 'true' ? true : text === 'false' ? false : isNumber(text) ? Number(text) : text;
  const parsed = settingsSchema
    .partial()
    .strict()
    .safeParse({ [name]: value });
  if (parsed.success) return { [name]: parsed.data[name as keyof typeof parsed.data] };
  const known = Object.keys(settingsSchema.shape).join(', ');
  const [issue] = parsed.error.issues;
  throw new StudioError('INVALID_INPUT', `${name} cannot be ${text}: ${issue?.message ?? 'not understood'}`, {
    hint: `Settings are ${known}`,
  });
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
