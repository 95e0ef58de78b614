// "Export rows…" in the top bar: runs the command of the rows that are open, which know their view.
import { useAvailableCommands } from '../../../app/commands.ts';
import { runCommand } from '../../../app/key-listener.ts';
import { Button } from '../../../ui/button.tsx';
import { EXPORT_COMMAND } from '../use-rows-commands.ts';

export function ExportRowsAction() {
  const command = useAvailableCommands().find(({ id }) => id === EXPORT_COMMAND);
  return (
    <Button
      isDisabled={command === undefined}
      onPress={() => {
        if (command) runCommand(command);
      }}
    >
      Export rows…
    </Button>
  );
}
