// Generation through the child process and its client against node-llama-cpp in this process: what the isolation costs.
// Exports: bench. Same model, same prompt, same seed, one thread each, in turns;
// the fastest round of each counts, because whatever else the machine does only adds time.
import { join } from 'node:path';
import { getLlama, JinjaTemplateChatWrapper, LlamaChat, LlamaLogLevel } from 'node-llama-cpp';
import { sampling } from '../../core/api/generation.ts';
import { createChatEngine } from '../../core/services/chat/engine.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import type { Measurement } from './measurement.ts';

const ROUNDS = 7;
/** Stories of the tiny model have some 45 tokens; together they are long enough to time. */
const STORIES = 10;
const PROMPT = 'Raccontami una storia.';
/** Some 1,000 tokens a second: the hardest case, because a larger model hides all overhead. */
const settings = sampling.parse({ temperature: 1, topK: 0, topP: 1, seed: 3, maxTokens: 300 });

export async function bench(): Promise<readonly Measurement[]> {
  const appFolder = findAppFolder(import.meta.dirname);
  const modelPath = join(appFolder, 'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf');
  const engine = createChatEngine({
    appFolder,
    settings: async () => ({ llamaDevice: 'cpu' as const, llamaThreads: 1 }),
  });
  const direct = await openDirect(modelPath);
  const ours: number[] = [];
  const anchor: number[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const oursMs = await msPerToken(async (onTokens) => {
        const request = {
          modelPath,
          prompt: { kind: 'chat' as const, messages: [{ role: 'user' as const, text: PROMPT }] },
          sampling: settings,
        };
        for await (const event of engine.generate(request)) {
          if (event.kind === 'done') onTokens(event.statistics.tokens);
        }
      });
      const anchorMs = await msPerToken(direct.answer);
      // The first round loads the model and fills caches.
      if (round === 0) continue;
      ours.push(oursMs);
      anchor.push(anchorMs);
    }
  } finally {
    await engine.dispose();
    await direct.dispose();
  }
  return [
    {
      name: 'chat: 1,000 tokens generated',
      oursMs: Math.min(...ours) * 1000,
      anchorMs: Math.min(...anchor) * 1000,
      anchor: 'node-llama-cpp in the same process',
      limit: 1.3,
    },
  ];
}

async function openDirect(modelPath: string) {
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    logLevel: LlamaLogLevel.error,
    maxThreads: 1,
  });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: 512, threads: 1 });
  const template = model.fileInfo.metadata.tokenizer.chat_template ?? '';
  const chat = new LlamaChat({
    contextSequence: context.getSequence(),
    chatWrapper: new JinjaTemplateChatWrapper({ template }),
  });
  return {
    async answer(onTokens: (count: number) => void) {
      await chat.generateResponse(
        [
          { type: 'user', text: PROMPT },
          { type: 'model', response: [''] },
        ],
        {
          temperature: settings.temperature,
          topK: settings.topK,
          topP: settings.topP,
          minP: settings.minP,
          maxTokens: settings.maxTokens,
          ...(settings.seed === null ? {} : { seed: settings.seed }),
          repeatPenalty: false,
          onTextChunk: () => {},
          onToken: (tokens) => onTokens(tokens.length),
        },
      );
    },
    async dispose() {
      chat.dispose();
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}

async function msPerToken(run: (onTokens: (count: number) => void) => Promise<void>): Promise<number> {
  let tokens = 0;
  const startMs = performance.now();
  for (let story = 0; story < STORIES; story += 1) {
    await run((count) => {
      tokens += count;
    });
  }
  return (performance.now() - startMs) / Math.max(1, tokens);
}
