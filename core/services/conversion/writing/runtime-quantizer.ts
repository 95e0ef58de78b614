// llama.cpp's own quantizer, called in the library that node-llama-cpp ships: types whose blocks are not written here.
// Runs on a thread of its own in the weights child; what it cannot bear ends that process alone.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';
import { StudioError } from '../../../api/errors.ts';
import type { WeightType } from '../../../lib/conversion/gguf-metadata.ts';

/** llama.cpp's enum llama_ftype. */
const fileTypes: Readonly<Record<WeightType, number>> = {
  f32: 0,
  f16: 1,
  q4_0: 2,
  q8_0: 7,
  bf16: 32,
  q3_k_m: 12,
  q4_k_m: 15,
  q5_k_m: 17,
  q6_k: 18,
  iq4_nl: 25,
};

/** llama_model_quantize_params begins with two int32; what follows differs between versions and is handed back as it came. */
const REST_BYTES = 504;

interface Parameters {
  nthread: number;
  ftype: number;
  readonly rest: readonly number[];
}

export interface QuantizeRequest {
  /** Absolute GGUF file of F32, F16 or BF16. */
  readonly input: string;
  /** Absolute; replaced when it exists. */
  readonly output: string;
  readonly type: WeightType;
  readonly threads: number;
  /** 0 to 1, tensor by tensor. */
  readonly onProgress: (share: number) => void;
}

/** Throws UNAVAILABLE where the runtime is not installed, CORRUPT_FILE with the runtime's last words when it refuses. */
export async function quantizeWithRuntime(request: QuantizeRequest): Promise<void> {
  const library = await loadLibrary();
  const words: string[] = [];
  const logType = koffi.proto('void NessoQuantizeLog(int level, const char *text, void *data)');
  const setLog = library.func('llama_log_set', 'void', [koffi.pointer(logType), 'void *']);
  const parameters = koffi.struct('NessoQuantizeParameters', {
    nthread: 'int32_t',
    ftype: 'int32_t',
    rest: koffi.array('uint8_t', REST_BYTES),
  });
  const defaults = library.func('llama_model_quantize_default_params', parameters, []);
  const quantize = library.func('llama_model_quantize', 'uint32_t', [
    'str',
    'str',
    koffi.pointer(parameters),
  ]);
  const listener = koffi.register((_level: number, text: string) => {
    const place = /^\[\s*(\d+)\/\s*(\d+)\]/.exec(text);
    if (place) request.onProgress(Number(place[1]) / Number(place[2]));
    else if (text.trim() !== '') words.splice(0, words.length - 4, ...words, text.trim());
  }, koffi.pointer(logType));
  setLog(listener, null);
  try {
    const chosen: Parameters = defaults();
    chosen.nthread = request.threads;
    chosen.ftype = fileTypes[request.type];
    const code = await new Promise<number>((resolve, reject) => {
      quantize.async(request.input, request.output, chosen, (error: unknown, result: number) =>
        error ? reject(asError(error)) : resolve(result),
      );
    });
    if (code !== 0) throw refused(words, request);
  } finally {
    setLog(null, null);
    koffi.unregister(listener);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function refused(words: readonly string[], { type, output }: QuantizeRequest): StudioError {
  return new StudioError('INVALID_INPUT', `The runtime does not write this model as ${type.toUpperCase()}`, {
    hint: 'Choose q8_0 or q4_0, or look at the details',
    path: output,
    detail: words.join('\n'),
  });
}

/** `@node-llama-cpp/linux-x64` and its like: the one without a graphics card is enough, and always there. */
function packageNames(): readonly string[] {
  const { platform, arch } = process;
  if (platform === 'darwin') return arch === 'arm64' ? ['mac-arm64-metal'] : ['mac-x64'];
  if (platform === 'win32') return [`win-${arch}`];
  return [arch === 'arm' ? 'linux-armv7l' : `linux-${arch}`];
}

async function loadLibrary(): Promise<ReturnType<typeof koffi.load>> {
  for (const name of packageNames()) {
    const folder = await librariesOf(name);
    if (folder === null) continue;
    const files = readdirSync(folder);
    const own = files.find((file) => /^(lib)?llama(\.v[\d.]+|\.\d+)?\.(so|dylib|dll)$/.test(file));
    if (own === undefined) continue;
    // Those it needs lie beside it; Windows finds them only when they are loaded already.
    for (const needed of [/^(lib)?ggml-base\./, /^(lib)?ggml(\.v[\d.]+|\.\d+)?\.(so|dylib|dll)$/]) {
      const file = files.find((one) => needed.test(one));
      if (file !== undefined) koffi.load(join(folder, file), { lazy: true });
    }
    return koffi.load(join(folder, own), { lazy: true });
  }
  throw new StudioError('UNAVAILABLE', 'The runtime that writes these types is not installed', {
    hint: 'Choose q8_0 or q4_0, which are written without it',
  });
}

/** Where the package keeps its libraries; null when it is not installed. */
async function librariesOf(name: string): Promise<string | null> {
  try {
    const found: unknown = await import(`@node-llama-cpp/${name}`);
    const bins: unknown =
      typeof found === 'object' && found !== null && 'getBinsDir' in found ? found.getBinsDir : null;
    const answer: unknown = typeof bins === 'function' ? bins() : null;
    if (typeof answer !== 'object' || answer === null || !('binsDir' in answer)) return null;
    // A packaged program keeps libraries beside its archive.
    const folder = join(String(answer.binsDir).replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'), name);
    return existsSync(folder) ? folder : null;
  } catch {
    return null;
  }
}
