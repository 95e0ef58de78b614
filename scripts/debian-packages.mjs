// Installs Debian packages that tests need, where this process may: root on a system with apt-get. Elsewhere it does nothing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const INSTALL_TIMEOUT_MS = 300_000;

/** A real SSH server and a real Slurm; the suites start their own, on ports of their own. */
export const clusterPackages = [
  'openssh-server',
  'openssh-client',
  'slurmctld',
  'slurmd',
  'slurm-client',
  'munge',
];

/** How sites differ: one-time codes through PAM, other login shells, no GNU tools, accounting of jobs. */
export const sitePackages = [
  'libpam-oath',
  'busybox',
  'tcsh',
  'zsh',
  'fish',
  'slurmdbd',
  'mariadb-server-core',
  'mariadb-client-core',
];

/** Whether the packages are there now. Services are not started: policy-rc.d of containers, or our own answer, says so. */
export function installPackages(packages) {
  if (arePresent(packages)) return true;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log(`Installing ${packages.join(', ')} from the package sources of this system…`);
  for (const parameters of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const result = spawnSync('apt-get', ['-qq', ...parameters], {
      stdio: 'ignore',
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
    if (result.status !== 0 && parameters[0] === 'install') return false;
  }
  return true;
}

function arePresent(packages) {
  const result = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}\n', ...packages], {
    encoding: 'utf8',
  });
  return (
    result.status === 0 &&
    result.stdout
      .trim()
      .split('\n')
      .every((status) => status.startsWith('ii'))
  );
}
