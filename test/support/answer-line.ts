// A line of samples_*.jsonl as lm-eval writes it: a question with two choices, of which the second is right and taken.
export const answerLine = (id: number, change: Record<string, unknown> = {}) =>
  JSON.stringify({
    doc_id: id,
    doc: { question: `Domanda ${id}`, subject: id % 2 === 0 ? 'storia' : 'arte' },
    target: '1',
    arguments: {
      gen_args_0: { arg_0: `Domanda ${id}`, arg_1: ' no' },
      gen_args_1: { arg_0: `Domanda ${id}`, arg_1: ' sì' },
    },
    resps: [[['-2.0', 'False']], [['-1.0', 'True']]],
    filtered_resps: [
      ['-2.0', 'False'],
      ['-1.0', 'True'],
    ],
    filter: 'none',
    metrics: ['acc'],
    doc_hash: `${id}`.padStart(16, 'a'),
    acc: 1,
    ...change,
  });
