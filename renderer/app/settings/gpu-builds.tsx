// Which GPU builds of the model runtime there are, what each costs, and the exact command that installs it.
// Installing is left to a terminal: it changes the program's own folder.
import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './settings-view.module.css';

interface GpuBuild {
  readonly id: string;
  readonly title: string;
  readonly cost: string;
}

/** Download and disk measured on the Linux packages of node-llama-cpp 3.21.1; other systems differ a little. */
const builds: readonly GpuBuild[] = [
  { id: 'vulkan', title: 'Vulkan, for AMD, Intel and NVIDIA', cost: '27 MB to download, 85 MB on disk' },
  { id: 'cuda', title: 'CUDA, for NVIDIA', cost: '320 MB to download, 563 MB on disk' },
];

export function GpuBuilds() {
  if (/Mac/.test(navigator.platform))
    return (
      <div className={styles['gpu']}>
        <p>On a Mac with Apple silicon Metal is part of the installed build; nothing has to be added.</p>
      </div>
    );
  return (
    <div className={styles['gpu']}>
      <p>
        Only the CPU build is installed. To use a graphics card, run one of these in the studio’s folder and
        restart the studio:
      </p>
      {builds.map(({ id, title, cost }) => (
        <div key={id} className={styles['build']}>
          <strong>{title}</strong> · {cost}
          <div className={styles['command']}>
            <code>node scripts/install-gpu.mjs {id}</code>
            <CopyButton
              iconOnly
              text={`node scripts/install-gpu.mjs ${id}`}
              label={`Copy the ${id} command`}
            />
          </div>
        </div>
      ))}
    </div>
  );
}
