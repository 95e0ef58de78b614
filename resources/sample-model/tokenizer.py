"""Byte-level BPE for the sample model, with the pre-tokenizer regex that GGUF readers know as `llama-bpe`.

A tokenizer with an expression of its own could not be named in a GGUF file, so runtimes would split text differently.
"""
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from corpus import BEGIN, END, START, STOP

SPECIAL = (BEGIN, STOP, START, END)
LLAMA_BPE = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
             r"\s*[\r\n]+|\s+(?!\S)|\s+")


def train_tokenizer(texts, vocabulary):
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LLAMA_BPE), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=list(SPECIAL), show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    plain = (part for text in texts for part in split_special(text))
    tokenizer.train_from_iterator(plain, trainer)
    return tokenizer


def split_special(text):
    """Text between special tokens, so that no merge crosses one."""
    for token in SPECIAL:
        text = text.replace(token, "\0")
    return [part for part in text.split("\0") if part]
