"""PyTorch's times for the workloads of bench/*.bench.ts, as JSON: torch_bench.py THREADS QUICK(0|1).

Started with Debian's own python3 (packages python3-torch and libopenblas0-pthread); names of rows are those of
`npm run bench`. Linked to Debian's reference BLAS instead, its products are 100 times slower: then it says so and stops.
"""

import json
import re
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
QUICK = sys.argv[2] == "1"
SECONDS, LEAST = (0.1, 3) if QUICK else (0.8, 10)
torch.manual_seed(1)
rows = {}


def measure(name, run, calls=1):
    for _ in range(2):
        run()
    seconds = []
    end = time.perf_counter() + SECONDS
    while len(seconds) < LEAST or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        seconds.append((time.perf_counter() - start) / calls)
    rows[name] = {"min": min(seconds), "median": statistics.median(seconds)}


def train_step(model, x, labels):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def run():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


check = torch.rand(300, 300)
error = (check @ check - (check.double() @ check.double()).float()).abs().max().item()
with open("/proc/self/maps", encoding="utf8") as maps:
    blas = re.search(r"libopenblas\w*-r([\d.]+)\.so", maps.read())
fast = blas is not None
if error > 1e-3 or not fast:
    reason = f"its products are off by {error}" if fast else "no OpenBLAS: apt-get install libopenblas0-pthread"
    print(json.dumps({"skipped": reason}))
    sys.exit()

for size in (128, 256, 512, 1024):
    a, b = torch.rand(size, size), torch.rand(size, size)
    for layout, left, right in (("nn", a, b), ("nt", a, b.t()), ("tn", a.t(), b), ("tt", a.t(), b.t())):
        measure(f"gemm {size} {layout}", lambda: left @ right)
for m, k, n, layout in ((64, 784, 512, "nn"), (64, 784, 512, "nt"), (512, 64, 784, "tn"), (64, 64, 512, "nt"), (6, 512, 64, "nn"), (1, 512, 512, "nn")):
    left = torch.rand(k, m).t() if layout[0] == "t" else torch.rand(m, k)
    right = torch.rand(n, k).t() if layout[1] == "t" else torch.rand(k, n)
    measure(f"gemm {m} x {k} x {n} {layout}", lambda: left @ right)

mlp = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
measure("mlp step", train_step(mlp, torch.rand(64, 784), torch.randint(10, (64,))))

cnn = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(7 * 7 * 32, 10),
)
pictures = torch.rand(64, 1, 28, 28)
with torch.no_grad():
    measure("cnn forward", lambda: cnn(pictures))
measure("cnn step", train_step(cnn, pictures, torch.randint(10, (64,))))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        plain = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if plain else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        h = F.relu(self.norm1(self.first(x)))
        return F.relu(self.norm2(self.second(h)) + self.shortcut(x))


def resnet18():
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for outputs in (64, 128, 256, 512):
        layers += [BasicBlock(inputs, outputs, 1 if inputs == outputs else 2), BasicBlock(outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000))


for size in (64, 112):
    measure(f"resnet18 step {size}", train_step(resnet18(), torch.rand(8, 3, size, size), torch.randint(1000, (8,))))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_a, self.norm_b = nn.LayerNorm(256), nn.LayerNorm(256)
        self.query, self.key, self.value, self.out = (nn.Linear(256, 256) for _ in range(4))
        self.up, self.down = nn.Linear(256, 1024), nn.Linear(1024, 256)

    def forward(self, x):
        h = self.norm_a(x)
        q, k, v = (part(h).view(16, 64, 4, 64).transpose(1, 2) for part in (self.query, self.key, self.value))
        weights = torch.softmax(q @ k.transpose(-1, -2) / 8, -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(16, 64, 256))
        return x + self.down(F.gelu(self.up(self.norm_b(x))))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Block(), Block())
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.blocks(x).mean(1))


measure("transformer step", train_step(Transformer(), torch.rand(16, 64, 256), torch.randint(10, (16,))))

# Encoders of token lists, as in bench/encoders.bench.ts: 32 texts of 32 tokens, features of 64, 10 classes.
TEXTS, TOKENS, VOCABULARY = 32, 32, 5000


class TextCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, 128)
        self.filters = nn.ModuleList(nn.Conv1d(128, 100, taps) for taps in (3, 4, 5))
        self.out = nn.Linear(300, 64)

    def forward(self, ids):
        x = self.words(ids).transpose(1, 2)
        return self.out(torch.cat([F.relu(filters(x)).amax(2) for filters in self.filters], 1))


class Gru(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.unit, self.out = nn.Embedding(VOCABULARY, 64), nn.GRU(64, 128, batch_first=True), nn.Linear(128, 64)

    def forward(self, ids):
        return self.out(self.unit(self.words(ids))[0][:, -1])


class TokenBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm_a, self.norm_b = nn.LayerNorm(128), nn.LayerNorm(128)
        self.query, self.key, self.value, self.out = (nn.Linear(128, 128) for _ in range(4))
        self.up, self.down = nn.Linear(128, 512), nn.Linear(512, 128)

    def forward(self, x):
        h = self.norm_a(x)
        q, k, v = (part(h).view(TEXTS, TOKENS, 4, 32).transpose(1, 2) for part in (self.query, self.key, self.value))
        weights = torch.softmax(q @ k.transpose(-1, -2) / 32**0.5, -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(TEXTS, TOKENS, 128))
        return x + self.down(F.gelu(self.up(self.norm_b(x))))


class TokenTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.positions = nn.Embedding(VOCABULARY, 128), nn.Parameter(torch.randn(TOKENS, 128) * 0.02)
        self.blocks, self.norm, self.out = nn.Sequential(TokenBlock(), TokenBlock()), nn.LayerNorm(128), nn.Linear(128, 64)

    def forward(self, ids):
        return self.out(self.norm(self.blocks(self.words(ids) + self.positions)).mean(1))


texts, kinds = torch.randint(VOCABULARY, (TEXTS, TOKENS)), torch.randint(10, (TEXTS,))
for name, encoder in (("text-cnn", TextCnn()), ("gru", Gru()), ("transformer encoder", TokenTransformer())):
    network = nn.Sequential(encoder, nn.Linear(64, 10))
    with torch.no_grad():
        measure(f"{name} forward", lambda: network(texts))
    measure(f"{name} step", train_step(network, texts, kinds))

CHAIN = 256
x, w = torch.ones(16, requires_grad=True), torch.full((16,), 0.5, requires_grad=True)


def chain(op):
    def run():
        h = x
        for _ in range(CHAIN):
            h = op(h)
        h.sum().backward()
        x.grad = w.grad = None

    return run


measure("tiny op, add", chain(lambda h: h + w), CHAIN)
measure("tiny op, mul", chain(lambda h: h * w), CHAIN)
measure("tiny op, relu", chain(torch.relu), CHAIN)
measure("tiny op, add a number", chain(lambda h: h + 0.5), CHAIN)


def tiny_step():
    loss = (x * w).sum()
    loss.backward()
    x.grad = w.grad = None
    return loss.item()


measure("tiny step", tiny_step)

with torch.no_grad():
    for size, label in ((1 << 20, "1M"), (1 << 13, "8K")):
        v = torch.rand(size) * 16 - 8
        for name, op in (("exp", torch.exp), ("tanh", torch.tanh), ("sigmoid", torch.sigmoid), ("gelu", F.gelu), ("relu", torch.relu), ("add", lambda t: t + t)):
            measure(f"{name} {label}", lambda: op(v))


def on_rows(name, shape, op):
    v = torch.rand(*shape) * 6 - 3
    with torch.no_grad():
        measure(name, lambda: op(v))
    leaf, seed = v.clone().requires_grad_(), torch.rand(*shape)

    def run():
        leaf.grad = None
        op(leaf).backward(seed)

    measure(f"{name}, with backward", run)


on_rows("softmax 64x512", (64, 512), lambda t: torch.softmax(t, -1))
on_rows("layer norm 1024x256", (1024, 256), nn.LayerNorm(256))
on_rows("batch norm 4096x64", (4096, 64), nn.BatchNorm1d(64))

bag = nn.EmbeddingBag(5000, 128, mode="sum")
ids, offsets, seed = torch.randint(5000, (4096,)), torch.arange(0, 4096, 8), torch.rand(512, 128)
measure("embedding bag, gather", lambda: bag(ids, offsets))


def bag_step():
    bag.weight.grad = None
    bag(ids, offsets).backward(seed)


measure("embedding bag, gather and scatter", bag_step)

# MLA: the head's gradient is multiplied by P, then P learns this step's mean feature (recursive least squares, float32).
WIDTH, ALPHA = 513, 0.1
head = (torch.rand(6, WIDTH) * 0.1 - 0.05).requires_grad_()
labels = torch.randint(6, (64,))
modalities = [torch.rand(64, WIDTH).requires_grad_() for _ in range(2)]


def head_round(project):
    optimizer = torch.optim.SGD([head], lr=0.01, momentum=0.9)
    state = {"P": torch.eye(WIDTH)}

    def run():
        for h in modalities:
            optimizer.zero_grad(set_to_none=True)
            h.grad = None
            loss = F.cross_entropy(h @ head.t(), labels)
            loss.backward()
            if project:
                with torch.no_grad():
                    p = state["P"]
                    head.grad = head.grad @ p
                    optimizer.step()
                    r = h.mean(0)
                    k = p @ r
                    p.sub_(torch.outer(k, k) / (ALPHA + r @ k))
            else:
                optimizer.step()
            loss.item()

    return run


measure("mla head step, no projection", head_round(False), 2)
measure("mla head step, all steps in f32", head_round(True), 2)

# The main job: MLA on pictures and words; the projector keeps the other modality's mean feature, as our default does.
SAMPLES = 2048
images, bags, kinds = torch.rand(SAMPLES, 3, 32, 32), torch.randint(1000, (SAMPLES, 3)), torch.randint(9, (SAMPLES,))


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.bias = nn.EmbeddingBag(1000, 128, mode="sum"), nn.Parameter(torch.zeros(128))
        self.out = nn.Linear(128, 64)

    def forward(self, x):
        return self.out(F.relu(self.table(x) + self.bias))


def conv_block(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()


def main_job():
    picture = nn.Sequential(*conv_block(3, 16), *conv_block(16, 32), *conv_block(32, 64), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 64))
    head = nn.Parameter(torch.rand(9, 65) * 0.2 - 0.1)
    parts = [(model, data, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)) for model, data in ((picture, images), (Words(), bags))]
    head_optimizer = torch.optim.SGD([head], lr=0.1, momentum=0.9, weight_decay=1e-4)
    remembered = [torch.zeros(65), torch.zeros(65)]
    ones = torch.ones(64, 1)

    def epoch():
        order = torch.randperm(SAMPLES)
        for i in range(0, SAMPLES, 64):
            rows = order[i : i + 64]
            for m, (model, data, optimizer) in enumerate(parts):
                optimizer.zero_grad(set_to_none=True)
                head_optimizer.zero_grad(set_to_none=True)
                h = torch.cat([model(data[rows]), ones], 1)
                loss = F.cross_entropy(h @ head.t(), kinds[rows])
                loss.backward()
                with torch.no_grad():
                    r = remembered[1 - m]
                    head.grad -= torch.outer(head.grad @ r, r) / (0.1 + r @ r)
                    remembered[m] = h.mean(0)
                optimizer.step()
                head_optimizer.step()
                loss.item()

    return epoch


measure("main job, mla", main_job())

print(json.dumps({"version": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, OpenBLAS {blas[1]}", "rows": rows}))
