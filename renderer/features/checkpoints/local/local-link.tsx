// From a run to everything that is here of all runs, with what it takes.
import { href } from '../../../app/route.ts';
import styles from './local.module.css';

export function LocalCheckpointsLink() {
  return (
    <p className={styles['link']}>
      <a href={href('runs', null, { checkpoints: 'local' })}>Checkpoints on this computer</a>
    </p>
  );
}
