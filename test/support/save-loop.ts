// A small program for the test of `kill -9`: saves one config over and over, in two versions, until it is killed.
import { readConfig, saveConfig } from '../../core/services/configs/config-files.ts';

const [root = '', path = ''] = process.argv.slice(2);
console.log('saving');
for (let turn = 0; ; turn += 1) {
  const { version } = await readConfig(root, path);
  const text = `turn: ${turn % 2}\n${'# a line of a long config\n'.repeat(40_000)}end: ${turn % 2}\n`;
  await saveConfig(root, { path, text, baseVersion: version });
}
