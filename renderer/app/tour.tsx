// The short tour of the sample workspace: four steps in a strip below the work, covering nothing of it; gone for good once left.
import { ArrowRight, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { notifyError } from './notifications.ts';
import { href, navigate } from './route.ts';
import { useSettings } from './session.ts';
import styles from './tour.module.css';

interface TourStep {
  readonly title: string;
  readonly text: string;
  readonly go: { readonly label: string; readonly to: string };
}

/** Paths of the sample workspace; a link to a file that was removed shows the view's own error. */
const steps: readonly TourStep[] = [
  {
    title: 'Understand a config',
    text: 'This is the published Zagreus 0.4B config with its defects. Each finding says why at its line, and most have a fix one click away. Parameters, tokens and memory follow every edit.',
    go: { label: 'Open the config', to: href('configs', 'configs/zagreus-0.4B-ita.yaml') },
  },
  {
    title: 'Look into data',
    text: 'Parquet and JSONL open as a table without reading the texts. Choose a score column to see its histogram, and any row to read the document.',
    go: { label: 'Open the data', to: href('data') },
  },
  {
    title: 'Launch a real run',
    text: 'Launch fits a quality head on the sample documents on this computer. Its curves are live; closing the window does not stop it.',
    go: { label: 'Go to runs', to: href('runs') },
  },
  {
    title: 'Chat with a model',
    text: 'A tiny model, trained from scratch, answers token by token. Its card says plainly what it can and cannot do.',
    go: { label: 'Go to models', to: href('models') },
  },
];

export function Tour() {
  const { settings, write } = useSettings();
  const [index, setIndex] = useState(0);
  const step = steps[index];
  if (settings.tourDone || !step) return null;
  const isLast = index === steps.length - 1;
  const leave = () => void write({ tourDone: true }).catch(notifyError);
  return (
    <aside className={styles['tour']} aria-label="Tour of the sample workspace">
      <span className={styles['count']}>
        {index + 1} of {steps.length}
      </span>
      <h2 className={styles['title']}>{step.title}</h2>
      <p className={styles['text']}>{step.text}</p>
      <div className={styles['acts']}>
        <Button icon={ArrowRight} onPress={() => navigate(step.go.to)}>
          {step.go.label}
        </Button>
        {isLast ? (
          <Button onPress={leave}>Done</Button>
        ) : (
          <Button onPress={() => setIndex(index + 1)}>Next</Button>
        )}
        {isLast ? null : <IconButton icon={X} label="Skip the tour" onPress={leave} />}
      </div>
    </aside>
  );
}
