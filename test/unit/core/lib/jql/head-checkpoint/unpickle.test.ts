// Hostile pickles: each is refused with a name, none does anything. The bytes are what pickle and its attackers write.
import { describe, expect, it } from 'vitest';
import { CheckpointRefusal } from '../../../../../../core/lib/jql/head-checkpoint/refusal.ts';
import { MAX_PICKLE_BYTES, unpickle } from '../../../../../../core/lib/jql/head-checkpoint/unpickle.ts';

/** Latin-1 text to bytes. */
const pickle = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const refusalOf = (bytes: Uint8Array): CheckpointRefusal => {
  try {
    unpickle(bytes);
  } catch (error) {
    if (error instanceof CheckpointRefusal) return error;
    throw error;
  }
  throw new Error('It was not refused');
};
const orderedDict = 'ccollections\nOrderedDict\n)R';
const rebuild = 'ctorch._utils\n_rebuild_tensor_v2\n';
const storage = '(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x04tQ';

describe('a restricted unpickler', () => {
  it('builds plain values', () => {
    const bytes = pickle(
      '\x80\x02(K\x07M\x00\x01J\xff\xff\xff\xffX\x02\0\0\0\xc3\xa9G?\xf8\0\0\0\0\0\0\x88\x89N\x8a\x09\0\0\0\0\0\0\0\0\x01t.',
    );
    expect(unpickle(bytes)).toEqual({
      kind: 'tuple',
      items: [7, 256, -1, 'é', 1.5, true, false, null, 2n ** 64n],
    });
  });

  it.each([
    ['os.system by REDUCE', 'cposix\nsystem\n(X\x04\0\0\0truetR.', 'posix.system'],
    ['eval', 'c__builtin__\neval\n(X\x03\0\0\x001+1tR.', '__builtin__.eval'],
    ['builtins.eval of protocol 4', '\x80\x04\x8c\x08builtins\x8c\x04eval\x93.', 'builtins.eval'],
    ['a name with dots', '\x80\x04\x8c\x05torch\x8c\x0cos.system.fn\x93.', 'torch.os.system.fn'],
    [
      'a name split elsewhere',
      'ctorch._utils._rebuild_tensor_v2\n__globals__\n.',
      '_rebuild_tensor_v2.__globals__',
    ],
    ['numpy arrays', 'cnumpy.core.multiarray\n_reconstruct\n.', 'numpy.core.multiarray._reconstruct'],
    ['INST', '(X\x02\0\0\0lsios\nsystem\n.', 'INST'],
    ['OBJ', '(cos\nsystem\no.', 'os.system'],
    ['NEWOBJ', `${orderedDict})\x81.`, 'NEWOBJ'],
    ['NEWOBJ_EX', `${orderedDict})}\x92.`, 'NEWOBJ_EX'],
    ['an extension', '\x82\x01.', 'EXT1'],
    ['a text persistent id', 'Pstorage\n.', 'PERSID'],
    ['an out-of-band buffer', '\x97.', 'NEXT_BUFFER'],
    ['an unknown opcode', '\xff.', '0xff'],
  ])('refuses %s', (_, text, named) => {
    const refusal = refusalOf(pickle(text));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.message).toContain(named);
  });

  it('lets BUILD give attributes only to an OrderedDict, and drops them', () => {
    expect(unpickle(pickle(`${orderedDict}}X\x09\0\0\0_metadataNsb.`))).toMatchObject({
      kind: 'dict',
      ordered: true,
    });
    for (const target of ['}', ']', 'N', `${rebuild}(${storage}K\0(K\x04t(K\x01t\x89${orderedDict}tR`]) {
      expect(refusalOf(pickle(`${target}}X\x01\0\0\0aK\x01sb.`)).message).toContain('BUILD');
    }
    expect(refusalOf(pickle(`${orderedDict}(K\x01K\x02tb.`)).message).toContain('BUILD');
  });

  it('calls nothing but what describes', () => {
    expect(unpickle(pickle(`${rebuild}(${storage}K\0(K\x04t(K\x01t\x89${orderedDict}tR.`))).toMatchObject({
      kind: 'tensor',
      shape: [4],
      strides: [1],
      storage: { element: 'float32', key: '0', elements: 4 },
    });
    expect(refusalOf(pickle('ctorch\nFloatStorage\n)R.')).message).toContain('calls a storage type');
    expect(refusalOf(pickle('X\x01\0\0\0a)R.')).message).toContain('not a name');
    expect(refusalOf(pickle('ccollections\nOrderedDict\n(K\x01tR.')).message).toContain('OrderedDict');
    for (const wrong of [
      `(${storage}tR.`,
      `(NK\0(K\x04t(K\x01ttR.`,
      `(${storage}K\0(K\x04t(K\x01K\x01ttR.`,
    ]) {
      expect(refusalOf(pickle(`${rebuild}${wrong}`)).code).toBe('CORRUPT_FILE');
    }
    expect(refusalOf(pickle('X\x05\0\0\0helloQ.')).message).toContain('a storage is described');
  });

  it('stops at its limits: memory, nesting, marks, numbers', () => {
    expect(refusalOf(pickle('N'.repeat(100_001))).message).toContain('nested too deeply');
    expect(refusalOf(pickle('('.repeat(1001))).message).toContain('nested too deeply');
    expect(refusalOf(pickle(`N${'\x94'.repeat(1_000_001)}.`)).message).toContain('remembers more');
    expect(refusalOf(pickle(`\x8a\xff${'\x01'.repeat(255)}.`)).message).toContain('255 bytes');
    expect(refusalOf(new Uint8Array(MAX_PICKLE_BYTES + 1)).message).toContain('far longer');
    // Lists of lists by memo double what they say, not what they are.
    const code = (value: number): string => String.fromCharCode(value);
    const doubled = Array.from(
      { length: 100 },
      (_, level) => `](h${code(level)}h${code(level)}eq${code(level + 1)}`,
    );
    expect(unpickle(pickle(`(]q\0${doubled.join('')}t.`))).toMatchObject({ kind: 'tuple' });
    // A list inside itself.
    expect(unpickle(pickle(']q\0h\0a.'))).toMatchObject({ kind: 'list' });
  });

  it('refuses what is cut or takes what is not there', () => {
    for (const text of [
      '',
      '\x80',
      'X\xff\xff\xff\x7fab',
      'cno line end',
      'K',
      'h\x05.',
      '.',
      'R.',
      't.',
      'a.',
      'NN.',
      '}K\x01',
      '(NuN.',
    ]) {
      expect(refusalOf(pickle(text)).code, JSON.stringify(text)).toBe('CORRUPT_FILE');
    }
    // Below an open mark is somebody else's value.
    expect(refusalOf(pickle(']](a.')).code).toBe('CORRUPT_FILE');
    expect(refusalOf(pickle('N(K\x01K\x02u.')).message).toContain('not a dictionary');
    expect(refusalOf(pickle('}K\x01a.')).message).toContain('not a list');
  });
});
