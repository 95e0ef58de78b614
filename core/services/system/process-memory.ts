// How much memory the children of this process hold. Only Linux says so cheaply; elsewhere it is 0.
import { readdir, readFile } from 'node:fs/promises';

const PAGE_BYTES = 4096;

/** Resident bytes of all descendants that are still children, each counted once. */
export async function childMemoryBytes(): Promise<number> {
  if (process.platform !== 'linux') return 0;
  let sum = 0;
  const waiting = [process.pid];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const child of await childrenOf(pid)) {
      sum += await residentBytes(child);
      waiting.push(child);
    }
  }
  return sum;
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return (Number(text.split(' ')[1]) || 0) * PAGE_BYTES;
}
