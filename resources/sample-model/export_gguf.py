"""Writes the trained sample model as one GGUF file (F16 weights, F32 norms), with tokenizer and chat template.

`python export_gguf.py OUT FILE.gguf`; OUT is what train.py wrote. Needs torch, gguf and tokenizers.
"""
import json
import sys
from pathlib import Path

import gguf
import torch

from model import Shape
from tokenizer import SPECIAL

NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
}


def interleaved(weight, heads):
    """GGUF's Llama pairs neighbouring rows for rotation, the trained model pairs the two halves of a head."""
    rows, columns = weight.shape
    return weight.view(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def gguf_name(name):
    if name == "embed_tokens.weight":
        return "token_embd.weight"
    if name == "norm.weight":
        return "output_norm.weight"
    _, layer, rest = name.split(".", 2)
    return f"blk.{layer}.{NAMES[rest.removesuffix('.weight')]}.weight"


def main(folder, target):
    shape = Shape()
    weights = torch.load(folder / "model.pt")
    data = json.loads((folder / "tokenizer.json").read_text())
    vocabulary = sorted(data["model"]["vocab"], key=data["model"]["vocab"].get)
    merges = [" ".join(m) if isinstance(m, list) else m for m in data["model"]["merges"]]
    template = (Path(__file__).parent / "chat_template.jinja").read_text().strip()
    writer = gguf.GGUFWriter(target, "llama")
    writer.add_name("Nesso tiny")
    writer.add_description("A sample model trained from scratch on generated Italian and English sentences")
    writer.add_license("Apache-2.0")
    writer.add_languages(["it", "en"])
    writer.add_size_label("2.4M")
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.intermediate)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_key_length(shape.head_size)
    writer.add_value_length(shape.head_size)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_rope_dimension_count(shape.head_size)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(vocabulary)
    writer.add_token_types([gguf.TokenType.CONTROL if t in SPECIAL else gguf.TokenType.NORMAL for t in vocabulary])
    writer.add_token_merges(merges)
    begin, stop, _, end = (vocabulary.index(t) for t in SPECIAL)
    writer.add_bos_token_id(begin)
    writer.add_eos_token_id(stop)
    writer.add_eot_token_id(end)
    writer.add_add_bos_token(True)
    writer.add_chat_template(template)
    for name, weight in weights.items():
        if "q_proj" in name:
            weight = interleaved(weight, shape.heads)
        elif "k_proj" in name:
            weight = interleaved(weight, shape.key_value_heads)
        weight = weight.float() if weight.dim() == 1 else weight.half()
        writer.add_tensor(gguf_name(name), weight.contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
