// The server that other programs of this computer talk to models through: on or off, its address, what `latest` is.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { notifyError } from '../../../app/notifications.ts';
import { useClient } from '../../../app/session.ts';
import { useAttempt } from '../../../app/use-attempt.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Section } from '../../../ui/pane.tsx';
import styles from './server-panel.module.css';

const queryKey = ['openai-server'];
/** Another window or the command line may start it too, and a new checkpoint becomes the latest by itself. */
const REFRESH_MS = 5000;

export function ServerPanel() {
  const client = useClient();
  const queries = useQueryClient();
  const { isBusy, attempt } = useAttempt(notifyError);
  const { data } = useQuery({
    queryKey,
    queryFn: () => client.openaiServer.state(),
    refetchInterval: REFRESH_MS,
  });
  if (!data) return null;
  const { url, latest } = data;
  const toggle = async () => {
    await attempt(async () => {
      queries.setQueryData(
        queryKey,
        await (url === null ? client.openaiServer.start({}) : client.openaiServer.stop()),
      );
    });
  };
  return (
    <Section title="Server for other programs">
      <div className={styles['panel']}>
        {url === null ? (
          <p>Programs that speak OpenAI’s interface can use these models, on this computer only</p>
        ) : (
          <>
            <p className={styles['address']}>
              <code>{url}</code>
              <CopyButton text={url} label="Copy the address" iconOnly />
            </p>
            <p title={latest ?? ''}>{latest === null ? 'There is no model yet' : `latest is ${latest}`}</p>
          </>
        )}
        <Button isDisabled={isBusy} onPress={() => void toggle()}>
          {url === null ? 'Start server' : 'Stop server'}
        </Button>
      </div>
    </Section>
  );
}
