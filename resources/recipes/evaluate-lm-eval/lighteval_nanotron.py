# Starts `lighteval nanotron`. From 0.11 to 0.13 its part for Nanotron was left behind by the rest of lighteval: classes lie where they are
# not sought, the model has no name, questions and answers have another shape than it expects, and it asks a Llama as only a Qwen can be
# asked. All that is mended here, around the part itself, which still computes. Given by torchrun to each of its processes.
import importlib
import inspect
import os
import sys
import types

# Beside this lies evaluate.py, which would stand for the package `evaluate`.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path) != HERE]


def backend():
    """Its module where this lighteval has one that needs mending, None elsewhere."""
    try:
        importlib.import_module('lighteval.models.nanotron')
        module = importlib.import_module('lighteval.models.nanotron.nanotron_model')
    except ImportError:
        # Another version, or no nanotron: lighteval says it better.
        return None
    return module if hasattr(module, 'NanotronLightevalModel') else None


def put_classes_where_they_are_sought(module):
    folder = sys.modules['lighteval.models.nanotron']
    for name in ('FullNanotronConfig', 'LightEvalConfig', 'NanotronLightevalModel'):
        if not hasattr(folder, name) and hasattr(module, name):
            setattr(folder, name, getattr(module, name))


class NoCache:
    """Of answers: its own wants a config of another kind, and a task that is measured is not run again anyway."""

    def __init__(self, _):
        self.registry = None

    def _init_registry(self, registry):
        self.registry = registry


class Described:
    """What results say of the model: named as lighteval 0.10 named it, by the run and the step."""

    def __init__(self, model, checkpoint):
        general = model.config.nanotron_general
        self.model_name = '%s/%s' % (general.run, general.step)
        self.fields = {
            'model_name': self.model_name,
            'checkpoint': checkpoint,
            'dtype': str(model.dtype).split('.')[-1],
            'batch_size': model.batch_size,
            'max_length': model.max_length,
            'use_chat_template': False,
            'add_special_tokens': model.add_special_tokens,
        }

    def model_dump(self):
        return dict(self.fields)


def take_positions(model, torch):
    """From 0.10 every model is given positions and is taken to answer text by text; Nanotron's Llama wants a mask and answers token by
    token. Its attention also takes each text to begin where the one before it ends, so the mask leaves no gaps: what is filled up
    stands behind the text, where nothing that counts looks at it."""
    plain = model.forward
    if 'position_ids' in inspect.signature(plain).parameters:
        return

    def forward(input_ids, position_ids):
        rows = plain(input_ids=input_ids, input_mask=torch.ones_like(position_ids, dtype=torch.bool))
        return rows.transpose(0, 1).contiguous()

    model.forward = forward


def asked(context, choice):
    """One text to go on from, and one way to go on, as the part for Nanotron takes them."""
    return types.SimpleNamespace(context=context, choice=choice)


def mend(module):
    """True where it was needed."""
    if not hasattr(module, 'SampleCache') or not hasattr(module, 'ModelResponse'):
        return False
    from lighteval.tasks.prompt_manager import PromptManager

    Response = module.ModelResponse
    model_class = module.NanotronLightevalModel
    # Without what is wrapped around them: a cache.
    score, score_all = (inspect.unwrap(getattr(model_class, name)) for name in ('loglikelihood', 'loglikelihood_rolling'))
    begin, encode_pair = model_class.__init__, model_class.tok_encode_pair

    class ByTokens(module.LoglikelihoodDataset):
        """The longest first, since a batch is as wide as its first: by letters that would cut off beginnings."""

        def _sorting_criteria(self, request):
            return -len(request.tokenized_context + request.tokenized_continuation)

    def init(self, checkpoint_path, *arguments, **named):
        begin(self, checkpoint_path, *arguments, **named)
        take_positions(self.model, module.torch)
        self.config = Described(self, checkpoint_path)
        self.prompt_manager = PromptManager(False, self.tokenizer, None)

    def tok_encode_pair(self, context, choice, pairwise=False):
        if not isinstance(choice, str):
            return encode_pair(self, context, choice, pairwise)
        contexts, choices = encode_pair(self, context, [choice], pairwise)
        return contexts[0], choices[0]

    def response(request, answers, **fields):
        return Response(
            input=request.context,
            input_tokens=[int(token) for token in request.tokenized_context],
            output_tokens=[[int(token) for token in answer.generated_tokens] for answer in answers],
            truncated_tokens_count=answers[0].truncated_tokens_count,
            padded_tokens_count=answers[0].padded_tokens_count,
            **fields,
        )

    def loglikelihood(self, docs):
        requests = [[asked(self.prompt_manager.prepare_prompt(doc), choice) for choice in doc.choices] for doc in docs]
        answers = iter(score(self, [request for choices in requests for request in choices]))
        responses = []
        for choices in requests:
            own = [next(answers) for _ in choices]
            said = {'logprobs': [one.result[0] for one in own], 'argmax_logits_eq_gold': [one.result[1] for one in own]}
            responses.append(response(choices[0], own, **said))
        return responses

    def loglikelihood_rolling(self, docs):
        requests = [asked(self.prompt_manager.prepare_prompt(doc) + ''.join(doc.choices or []), '') for doc in docs]
        answers = score_all(self, requests)
        return [response(request, [one], logprobs=[one.result]) for request, one in zip(requests, answers)]

    def greedy_until(self, docs):
        # Nanotron's own way to write on turns keys and queries twice, and wants what no model of it takes.
        sys.exit(
            'evaluate: %s asks the model to write, which lighteval cannot do with a checkpoint of Nanotron; '
            'convert the checkpoint and evaluate the model' % docs[0].task_name
        )

    for method in (tok_encode_pair, loglikelihood, loglikelihood_rolling, greedy_until):
        setattr(model_class, method.__name__, method)
    model_class.__init__ = init
    # As the part itself fills it: any fields.
    module.ModelResponse = types.SimpleNamespace
    module.SampleCache = NoCache
    module.LoglikelihoodDataset = ByTokens
    return True


if __name__ == '__main__':
    if 'nanotron' in sys.argv[1:]:
        part = backend()
        if part is not None:
            put_classes_where_they_are_sought(part)
            mend(part)
    from lighteval.__main__ import app

    app()
