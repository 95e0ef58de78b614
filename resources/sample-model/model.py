"""A small Llama in PyTorch: RMSNorm, rotary positions (half-split), grouped-query attention, SwiGLU, tied embeddings.

Parameter names are those of a Hugging Face Llama, so export_gguf.py maps them as any converter does.
"""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    vocabulary: int = 2048
    hidden: int = 192
    layers: int = 5
    heads: int = 6
    key_value_heads: int = 2
    intermediate: int = 512
    context: int = 512
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head_size(self):
        return self.hidden // self.heads


def rotary(shape):
    """cos and sin, each (context, head_size)."""
    inverse = shape.rope_base ** (-torch.arange(0, shape.head_size, 2).float() / shape.head_size)
    angle = torch.outer(torch.arange(shape.context).float(), inverse)
    angle = torch.cat((angle, angle), dim=-1)
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    left, right = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-right, left), dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.s = s
        self.q_proj = nn.Linear(s.hidden, s.heads * s.head_size, bias=False)
        self.k_proj = nn.Linear(s.hidden, s.key_value_heads * s.head_size, bias=False)
        self.v_proj = nn.Linear(s.hidden, s.key_value_heads * s.head_size, bias=False)
        self.o_proj = nn.Linear(s.heads * s.head_size, s.hidden, bias=False)

    def forward(self, x, cos, sin, mask):
        batch, length, _ = x.shape
        split = lambda y, heads: y.view(batch, length, heads, self.s.head_size).transpose(1, 2)
        q = rotate(split(self.q_proj(x), self.s.heads), cos, sin).to(x.dtype)
        k = rotate(split(self.k_proj(x), self.s.key_value_heads), cos, sin).to(x.dtype)
        v = split(self.v_proj(x), self.s.key_value_heads).to(x.dtype)
        repeat = self.s.heads // self.s.key_value_heads
        k, v = k.repeat_interleave(repeat, dim=1), v.repeat_interleave(repeat, dim=1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        return self.o_proj(y.transpose(1, 2).reshape(batch, length, -1))


class Mlp(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.gate_proj = nn.Linear(s.hidden, s.intermediate, bias=False)
        self.up_proj = nn.Linear(s.hidden, s.intermediate, bias=False)
        self.down_proj = nn.Linear(s.intermediate, s.hidden, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.input_layernorm = nn.RMSNorm(s.hidden, s.epsilon)
        self.self_attn = Attention(s)
        self.post_attention_layernorm = nn.RMSNorm(s.hidden, s.epsilon)
        self.mlp = Mlp(s)

    def forward(self, x, cos, sin, mask):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Llama(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.shape = s
        self.embed_tokens = nn.Embedding(s.vocabulary, s.hidden)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.layers))
        self.norm = nn.RMSNorm(s.hidden, s.epsilon)
        cos, sin = rotary(s)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=s.hidden ** -0.5)

    def forward(self, ids, mask=None):
        """ids (batch, length) to logits (batch, length, vocabulary). A boolean mask (batch, 1, length, length) keeps where true."""
        length = ids.shape[1]
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, self.cos[:length], self.sin[:length], mask)
        return self.norm(x) @ self.embed_tokens.weight.T


@torch.no_grad()
def greedy(model, ids, stops, limit):
    """Continuation ids (without the stop), and the log-probability of each, fp32."""
    ids, added, scores = list(ids), [], []
    while len(added) < limit:
        logs = F.log_softmax(model(torch.tensor([ids]))[0, -1].float(), dim=-1)
        best = int(logs.argmax())
        scores.append(float(logs[best]))
        if best in stops:
            break
        added.append(best)
        ids.append(best)
    return added, scores
