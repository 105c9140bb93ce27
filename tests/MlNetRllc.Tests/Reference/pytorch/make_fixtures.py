"""Writes the small .pt files beside it, with PyTorch 1.13 (Debian: python3-torch). Run: python3 make_fixtures.py"""
import argparse, json, os, struct, zipfile
from collections import Counter, OrderedDict, defaultdict
import numpy
import torch

here = os.path.dirname(os.path.abspath(__file__))
path = lambda name: os.path.join(here, name)
expected = {}


def save(name, obj, tensors, **options):
    torch.save(obj, path(name), **options)
    expected[name] = {k: {"shape": list(t.shape), "values": t.detach().double().flatten().tolist()} for k, t in tensors.items()}


values = torch.tensor([0.5, -1.25, 3.1415927, 1e-6, 65504.0, -0.0])
dtypes = {"f64": values.double() / 3, "f32": values, "f16": values.half(), "bf16": values.bfloat16(), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3)}
save("dtypes.pt", dtypes, dtypes)
save("protocol4.pt", dtypes, dtypes, pickle_protocol=4)

base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
strided = OrderedDict(transposed=base.t(), column=base[:, 2], window=base[1:3, 2:5], permuted=base.reshape(2, 3, 4).permute(2, 0, 1), every_other=base.flatten()[::2])
save("strided.pt", strided, strided)

tied = torch.randn(3, 2, generator=torch.Generator().manual_seed(1))
shared = OrderedDict(a=tied, b=tied, c=tied[1:])
save("shared.pt", shared, shared)

parameters = {"w": torch.nn.Parameter(torch.ones(2, 2) * 3), "frozen": torch.nn.Parameter(torch.zeros(2), requires_grad=False)}
save("parameters.pt", parameters, parameters)

linear = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.LayerNorm(3))
with torch.no_grad():
    for i, p in enumerate(linear.parameters()):
        p.copy_(torch.arange(p.numel(), dtype=torch.float32).reshape(p.shape) + i)
optimizer = torch.optim.AdamW(linear.parameters())
linear(torch.ones(1, 2)).sum().backward()
optimizer.step()
state = {k: v.clone() for k, v in linear.state_dict().items()}
save("training.pt", {"model_state_dict": linear.state_dict(), "optimizer": optimizer.state_dict(), "step": 300, "loss": 1.5, "note": "\u00e9", "done": False, "none": None}, state)
save("nested.pt", OrderedDict(outer=OrderedDict(inner=OrderedDict(w=tied))), {"outer.inner.w": tied})

# What PyTorch's own reader of weights lets through beside them, and NumPy's scalars; with the weights under a key, and among it.
def beside():
    return {
        "step": numpy.int64(300), "loss": numpy.float32(1.5), "big": numpy.dtype(">f8").type(2.25), "half": numpy.float16(0.5), "small": numpy.uint8(200),
        "last": numpy.bool_(True), "negative": numpy.int32(-7), "largest": numpy.uint64(2**64 - 1), "seed": 2**64 - 1, "swapped": numpy.array([258], ">i2")[0],
        "shape": torch.Size([2, 3]), "milestones": Counter({30: 1, 80: 2}), "counts": Counter("aab"), "groups": defaultdict(list, {"a": [1], 2: [], (1, "b"): None}),
        "none": defaultdict(int), "dtype": torch.bfloat16, "types": [torch.float32, torch.int64, torch.complex64, torch.quint8], "device": torch.device("cpu"),
        "bytes": b"a\xff\x00", "array": bytearray(b"xy"), "set": {1, 2}, "complex": 1 + 2j, "layout": torch.strided, "class": torch.nn.Parameter,
        "kind": torch.FloatTensor, "scheme": torch.per_tensor_affine, "keys": {1.5: 0, None: 1, True: 2, b"k": 3, torch.float16: 4},
        "random": (3, tuple(range(2**32 - 5, 2**32)), None), "date": numpy.datetime64("2024-05-01"),
    }


plain = OrderedDict(w=torch.arange(6.0).reshape(2, 3), b=torch.tensor([0.5, -0.25]))
for protocol in (2, 4):
    save(f"beside{protocol}.pt", {"model": plain, **beside()}, plain, pickle_protocol=protocol)
    save(f"among{protocol}.pt", {**plain, **beside()}, plain, pickle_protocol=protocol)
save("inside.pt", {"model_state_dict": OrderedDict(**plain, _shape=torch.Size([2, 3]), _sizes=[1, 2], _seen=Counter("a"), _dtype=torch.float32)}, plain)
marked = torch.nn.Parameter(plain["w"].clone())
marked.note = {"frozen": True}
save("attributes.pt", {"w": marked}, {"w": marked})
save("apart.pt", {"model": plain, "z": torch.ones(2, dtype=torch.complex64), "s": torch.eye(2).to_sparse(), "q": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}, plain)

# The tiny attention-only model in TransformerLens names, with its buffers and a wrapper's prefix.
vocab, pos, d_model, heads, d_head, layers = 7, 5, 4, 2, 3, 2
g = torch.Generator().manual_seed(2)
draw = lambda *shape: torch.randn(*shape, generator=g) * 0.3
tl = OrderedDict([("embed.W_E", draw(vocab, d_model)), ("pos_embed.W_pos", draw(pos, d_model))])
for l in range(layers):
    b = f"blocks.{l}."
    tl[b + "ln1.w"], tl[b + "ln1.b"] = 1 + draw(d_model), draw(d_model)
    for q in "QKV":
        tl[b + f"attn.W_{q}"], tl[b + f"attn.b_{q}"] = draw(heads, d_model, d_head), draw(heads, d_head)
    tl[b + "attn.W_O"], tl[b + "attn.b_O"] = draw(heads, d_head, d_model), draw(d_model)
    tl[b + "attn.mask"] = torch.tril(torch.ones(pos, pos)).bool()
    tl[b + "attn.IGNORE"] = torch.tensor(-float("inf"))
tl["ln_final.w"], tl["ln_final.b"] = 1 + draw(d_model), draw(d_model)
tl["unembed.W_U"], tl["unembed.b_U"] = draw(d_model, vocab), draw(vocab)
weights = {k: v for k, v in tl.items() if not k.endswith(("mask", "IGNORE"))}
save("transformerlens.pt", tl, weights)
save("prefixed.pt", {"state_dict": OrderedDict(("module.model." + k, v) for k, v in tl.items())}, weights)

# The same tensors as a big-endian machine would have written them.
with zipfile.ZipFile(path("strided.pt")) as source, zipfile.ZipFile(path("bigendian.pt"), "w") as target:
    for item in source.infolist():
        data = source.read(item)
        if "/data/" in item.filename:
            data = b"".join(struct.pack(">f", *x) for x in struct.iter_unpack("<f", data))
        target.writestr(zipfile.ZipInfo(item.filename), data)
    target.writestr(zipfile.ZipInfo("strided/byteorder"), "big")
expected["bigendian.pt"] = expected["strided.pt"]


# Files that must be refused.
class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


torch.save({"w": Call(os.system, "touch /tmp/rllc-owned")}, path("bad_system.pt"))
torch.save({"w": Call(eval, "1")}, path("bad_eval.pt"))
torch.save(linear, path("bad_module.pt"))
torch.save({"w": tied, "s": torch.eye(2).to_sparse()}, path("bad_sparse.pt"))
torch.save({"model": {"w": tied, "q": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}}, path("bad_quantised.pt"))
torch.save({"w": torch.ones(2, dtype=torch.complex64)}, path("bad_complex.pt"))
torch.save({"model": {"w": tied, "rest": [tied]}}, path("bad_list.pt"))
torch.save({"w": tied, "args": argparse.Namespace(lr=1)}, path("bad_namespace.pt"))
torch.save({"w": tied, "array": numpy.ones(2)}, path("bad_array.pt"))
torch.save({"w": tied, "made": Call(list, (1, 2))}, path("bad_list_call.pt"))
torch.save({"w": tied}, path("bad_legacy.pt"), _use_new_zipfile_serialization=False)
torch.save({"w": tied.expand(1000, 3, 2)}, path("bad_expanded.pt"))
torch.save({"w": torch.tensor([1.0, float("nan")])}, path("bad_nan.pt"))
torch.save({"w": torch.tensor([1e300], dtype=torch.float64)}, path("bad_overflow.pt"))
torch.save({"w": torch.arange(3)}, path("bad_integer.pt"))
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), path("bad_torchscript.pt"))
torch.save({**weights, "blocks.0.attn.rotary_sin": draw(pos, d_head)}, path("bad_rotary.pt"))
torch.save({k: v for k, v in weights.items() if ".ln1." not in k}, path("bad_no_norm.pt"))
torch.save({"transformer.wte.weight": draw(vocab, d_model), "transformer.h.0.attn.c_attn.weight": draw(4, 12)}, path("bad_gpt2.pt"))

with open(path("expected.json"), "w") as f:
    json.dump(expected, f, separators=(",", ":"))
