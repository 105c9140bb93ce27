"""Trains the tiny model beside it in PyTorch 1.13 (Debian: python3-torch), as a study from elsewhere would. Run: python3 train.py

Names are TransformerLens's. Tokens are bytes in GPT-2's order of them, and 256 begins a document.
"""
import json, math, os, torch
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
vocab, pos, d_model, heads, d_head, layers = 257, 16, 8, 2, 4, 2
printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
token_of = {b: i for i, b in enumerate(printable + [b for b in range(256) if b not in printable])}
tokens = []
for line in open(os.path.join(here, "text.jsonl")):
    tokens += [256] + [token_of[b] for b in json.loads(line)["text"].encode()]
tokens = torch.tensor(tokens)

g = torch.Generator().manual_seed(1)
draw = lambda *shape: torch.randn(*shape, generator=g) * 0.1
w = {"embed.W_E": draw(vocab, d_model), "pos_embed.W_pos": draw(pos, d_model)}
for l in range(layers):
    b = f"blocks.{l}."
    w[b + "ln1.w"], w[b + "ln1.b"] = torch.ones(d_model), torch.zeros(d_model)
    for q in "QKV":
        w[b + f"attn.W_{q}"], w[b + f"attn.b_{q}"] = draw(heads, d_model, d_head), torch.zeros(heads, d_head)
    w[b + "attn.W_O"], w[b + "attn.b_O"] = draw(heads, d_head, d_model), torch.zeros(d_model)
w["ln_final.w"], w["ln_final.b"] = torch.ones(d_model), torch.zeros(d_model)
w["unembed.W_U"], w["unembed.b_U"] = draw(d_model, vocab), torch.zeros(vocab)
for t in w.values():
    t.requires_grad_(True)


def logits(ids):
    mask = torch.triu(torch.full((ids.shape[1], ids.shape[1]), -math.inf), 1)
    x = w["embed.W_E"][ids]
    for l in range(layers):
        p = lambda name: w[f"blocks.{l}.{name}"]
        n = F.layer_norm(x, (d_model,), p("ln1.w"), p("ln1.b"))
        placed = n + w["pos_embed.W_pos"][: ids.shape[1]]
        project = lambda x, q: torch.einsum("bpm,hmd->bhpd", x, p(f"attn.W_{q}")) + p(f"attn.b_{q}")[:, None]
        scores = project(placed, "Q") @ project(placed, "K").transpose(-1, -2) / math.sqrt(d_head) + mask
        x = x + torch.einsum("bhpd,hdm->bpm", scores.softmax(-1) @ project(n, "V"), p("attn.W_O")) + p("attn.b_O")
    return F.layer_norm(x, (d_model,), w["ln_final.w"], w["ln_final.b"]) @ w["unembed.W_U"] + w["unembed.b_U"]


adam = torch.optim.Adam(w.values(), 1e-2)
for step in range(401):
    if step in (0, 20, 400):
        torch.save({k: v.detach().clone() for k, v in w.items()}, os.path.join(here, "checkpoints", f"step_{step}.pt"))
    starts = torch.randint(0, len(tokens) - pos, (16,), generator=g)
    ids = torch.stack([tokens[s : s + pos] for s in starts])
    loss = F.cross_entropy(logits(ids)[:, :-1].reshape(-1, vocab), ids[:, 1:].reshape(-1))
    adam.zero_grad()
    loss.backward()
    adam.step()
print(loss.item())
