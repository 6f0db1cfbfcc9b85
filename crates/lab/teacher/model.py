"""The shared encoder (BERT or MPNet weights from a safetensors file, plain torch) and the heads."""
import json, math, os, torch
import torch.nn as nn, torch.nn.functional as F
import numpy as np
from safetensors.torch import load_file
from tokenizers import Tokenizer
from data import CLASSES, SOURCES

NAME_TAGS = ['O'] + [p + '-' + c for c in CLASSES for p in 'BIES']
TAG_ID = {t: i for i, t in enumerate(NAME_TAGS)}


def _legal():
    n = len(NAME_TAGS); ok = np.zeros((n, n), bool)
    for i, a in enumerate(NAME_TAGS):
        for j, b in enumerate(NAME_TAGS):
            if a[0] in 'OES': ok[i, j] = b[0] in 'OBS'
            else: ok[i, j] = b[0] in 'IE' and a[2:] == b[2:]
    start = np.array([t[0] in 'OBS' for t in NAME_TAGS]); end = np.array([t[0] in 'OES' for t in NAME_TAGS])
    return ok, start, end
LEGAL, START, END = _legal()
NEG = -1e4


def viterbi(lp):
    """best legal tag sequence for log probabilities [n, tags]"""
    n = len(lp); T = np.where(LEGAL, 0.0, NEG)
    v = lp[0] + np.where(START, 0.0, NEG); back = np.zeros((n, lp.shape[1]), np.int64)
    for i in range(1, n):
        m = v[:, None] + T; back[i] = m.argmax(0); v = m.max(0) + lp[i]
    k = int((v + np.where(END, 0.0, NEG)).argmax()); out = [k]
    for i in range(n - 1, 0, -1): k = int(back[i, k]); out.append(k)
    return out[::-1]


def mst(score):
    """score[d, h], column 0 the root: heads (0 root) of the best tree with a single root."""
    n = len(score); s = score.copy()
    for d in range(n): s[d, d + 1] = -1e9
    h = s.argmax(1)
    if is_tree(h): return h
    # one root: try the best few root words
    best = None
    for r in np.argsort(-(s[:, 0] - s[:, 1:].max(1)))[:3]:
        t = s.copy(); t[:, 0] = -1e9; t[r, :] = -1e9; t[r, 0] = 0
        g = cle(t); val = sum(t[d, g[d]] for d in range(n)) + s[r, 0]
        if best is None or val > best[0]: best = (val, g)
    return best[1]


def is_tree(h):
    n = len(h)
    if (h == 0).sum() != 1: return False
    ok = np.zeros(n + 1, bool); ok[0] = True
    for d in range(1, n + 1):
        path = []; x = d
        while not ok[x]:
            path.append(x)
            if len(path) > n: return False
            x = h[x - 1]
        ok[path] = True
    return True


def cle(s):
    """Chu-Liu / Edmonds, dense, small sentences."""
    n = len(s); M = np.full((n + 1, n + 1), -1e9); M[1:, :] = s
    return _cle(M)[1:]


def _cle(M):
    n = len(M); h = M.argmax(1); h[0] = 0
    colour = [0] * n; cyc = None
    for d in range(1, n):
        if colour[d]: continue
        path = []; x = d
        while x and not colour[x]: colour[x] = 1; path.append(x); x = h[x]
        if x and colour[x] == 1 and x in path: cyc = path[path.index(x):]
        for p in path: colour[p] = 2
        if cyc: break
    if not cyc: return h
    rest = [i for i in range(n) if i not in set(cyc)]; c = np.array(cyc); cur = M[c, h[c]]; tot = cur.sum()
    k = len(rest); N = np.full((k + 1, k + 1), -1e9); idx = np.array(rest)
    N[:k, :k] = M[np.ix_(idx, idx)]
    out_best = M[np.ix_(idx, c)].argmax(1); N[:k, k] = M[np.ix_(idx, c)].max(1)
    inn = M[np.ix_(c, idx)] - cur[:, None] + tot
    in_best = inn.argmax(0); N[k, :k] = inn.max(0); N[0, :] = -1e9; N[np.arange(k + 1), np.arange(k + 1)] = -1e9
    g = _cle(N); res = h.copy()
    for a in range(1, k): res[idx[a]] = c[out_best[a]] if g[a] == k else idx[g[a]]
    b = in_best[g[k]]; res[c[b]] = idx[g[k]]
    return res


# ---- shape -------------------------------------------------------------------------------------------------------------
SHAPES = 16


def shape(w):
    if w.isalpha():
        if w.islower(): return 1
        if w.isupper(): return 2 if len(w) > 1 else 3
        if w[0].isupper() and w[1:].islower(): return 4
        return 5
    if not any(c.isalnum() for c in w): return 6
    if w.isdigit(): return 7
    if w[0].isdigit() or w[0] in '+-$' and not any(c.isalpha() for c in w): return 8
    if w.endswith('.') : return 9 if w.count('.') > 1 and w.upper() == w else 10 if w[0].isupper() else 11
    if w.startswith(('http', 'www')) or '@' in w: return 12
    if w[0].isupper(): return 13 if w.upper() == w else 14
    return 15


def shapes(words):
    caps = sum(1 for w in words if w.isalpha() and len(w) > 1 and w.isupper()); low = sum(1 for w in words if w.isalpha() and w.islower())
    title = sum(1 for w in words if len(w) > 3 and w.isalpha() and w[0].isupper()); lower4 = sum(1 for w in words if len(w) > 3 and w.isalpha() and w.islower())
    mode = 3 if caps > 2 and caps > 2 * low else 2 if title >= 3 and title > 2 * lower4 else 0
    first = next((i for i, w in enumerate(words) if any(c.isalnum() for c in w)), 0)
    return [shape(w) + SHAPES * (1 if mode == 0 and i == first else mode) for i, w in enumerate(words)]


class Pieces:
    def __init__(self, folder, cap=10):
        self.tok = Tokenizer.from_file(os.path.join(folder, 'tokenizer.json')); self.tok.no_truncation(); self.tok.no_padding()
        self.cache = {}; self.cap = cap
        v = self.tok.get_vocab()
        self.cls = v.get('<s>', v.get('[CLS]')); self.sep = v.get('</s>', v.get('[SEP]')); self.pad = v.get('<pad>', v.get('[PAD]')); self.unk = v.get('[UNK]')
        if '<s>' not in v: self.cls, self.sep, self.pad = v['[CLS]'], v['[SEP]'], v['[PAD]']

    def word(self, w):
        r = self.cache.get(w)
        if r is None:
            r = self.tok.encode(w, add_special_tokens=False).ids or [self.unk]
            if len(r) > self.cap: r = r[:self.cap - 4] + r[-4:]
            self.cache[w] = r
        return r

    def sent(self, words):
        ids = [self.cls]; sh = [0]; first = []; last = []
        for w, s in zip(words, shapes(words)):
            p = self.word(w); first.append(len(ids)); ids += p; sh += [s] * len(p); last.append(len(ids) - 1)
        return ids + [self.sep], sh + [0], first, last


class Dropout(nn.Module):
    """Dropout from a pool of ready masks: drawing fresh random numbers costs more than the matrix products here."""
    pools = {}
    def __init__(self, p): super().__init__(); self.p = p

    def forward(self, x):
        if not self.training or not self.p: return x
        n = x.numel(); size = 1 << 24
        if self.p not in self.pools: self.pools[self.p] = ((torch.rand(size) >= self.p).to(torch.bfloat16) / (1 - self.p))
        o = int(torch.randint(0, size - n, ()))
        return x * self.pools[self.p][o:o + n].view(x.shape).to(x.dtype)


class Layer(nn.Module):
    def __init__(self, d, ff, heads, eps, drop):
        super().__init__()
        self.h = heads; self.qkv = nn.Linear(d, 3 * d); self.o = nn.Linear(d, d); self.ln1 = nn.LayerNorm(d, eps)
        self.up = nn.Linear(d, ff); self.down = nn.Linear(ff, d); self.ln2 = nn.LayerNorm(d, eps); self.drop = Dropout(drop)

    def forward(self, x, bias):
        B, L, d = x.shape
        q, k, v = self.qkv(x).view(B, L, 3, self.h, d // self.h).permute(2, 0, 3, 1, 4)
        p = torch.softmax(torch.matmul(q * (d // self.h) ** -0.5, k.transpose(-1, -2)) + bias.to(q.dtype), -1)
        a = torch.matmul(p.to(v.dtype), v).transpose(1, 2).reshape(B, L, d)
        x = self.ln1(x + self.drop(self.o(a)))
        return self.ln2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    def __init__(self, folder, drop=0.1, load=True):
        super().__init__()
        c = json.load(open(os.path.join(folder, 'config.json'))); self.mp = c['model_type'] == 'mpnet'
        d = self.d = c['hidden_size']; self.heads = c['num_attention_heads']; eps = c['layer_norm_eps']
        self.word = nn.Embedding(c['vocab_size'], d); self.pos = nn.Embedding(c['max_position_embeddings'], d); self.ln = nn.LayerNorm(d, eps)
        self.shape = nn.Embedding(4 * SHAPES + 1, d); nn.init.zeros_(self.shape.weight)
        self.layers = nn.ModuleList(Layer(d, c['intermediate_size'], self.heads, eps, drop) for _ in range(c['num_hidden_layers']))
        self.drop = Dropout(drop)
        if self.mp: self.rel = nn.Embedding(c.get('relative_attention_num_buckets', 32), self.heads)
        if load: self.load(load_file(os.path.join(folder, 'model.safetensors')), c)

    def load(self, s, c):
        with torch.no_grad():
            self.word.weight.copy_(s['embeddings.word_embeddings.weight']); p = s['embeddings.position_embeddings.weight']
            if not self.mp: p = p + s['embeddings.token_type_embeddings.weight'][0]
            self.pos.weight.copy_(p); self.ln.weight.copy_(s['embeddings.LayerNorm.weight']); self.ln.bias.copy_(s['embeddings.LayerNorm.bias'])
            if self.mp: self.rel.weight.copy_(s['encoder.relative_attention_bias.weight'])
            for i, l in enumerate(self.layers):
                p = f'encoder.layer.{i}.'
                q, o, n1 = (['attention.attn.q', 'attention.attn.k', 'attention.attn.v'], 'attention.attn.o', 'attention.LayerNorm') if self.mp else \
                    (['attention.self.query', 'attention.self.key', 'attention.self.value'], 'attention.output.dense', 'attention.output.LayerNorm')
                for part in ('weight', 'bias'):
                    getattr(l.qkv, part).copy_(torch.cat([s[p + x + '.' + part] for x in q]))
                    for m, x in ((l.o, o), (l.ln1, n1), (l.up, 'intermediate.dense'), (l.down, 'output.dense'), (l.ln2, 'output.LayerNorm')):
                        getattr(m, part).copy_(s[p + x + '.' + part])

    def bias(self, L):
        r = torch.arange(L)[None, :] - torch.arange(L)[:, None]; n = -r; out = (n < 0).long() * 16; n = n.abs()
        big = 8 + (torch.log(n.clamp(min=1).float() / 8) / math.log(128 / 8) * 8).long().clamp(max=7)
        return self.rel(out + torch.where(n < 8, n, big)).permute(2, 0, 1)[None]

    def forward(self, ids, shp, lens):
        B, L = ids.shape
        x = self.word(ids) + self.pos(torch.arange(L) + (2 if self.mp else 0))[None] + self.shape(shp)
        x = self.drop(self.ln(x))
        pad = torch.arange(L)[None, :] >= lens[:, None]
        m = torch.zeros(B, 1, 1, L).masked_fill(pad[:, None, None], -1e4)
        m = (m + self.bias(L)) if self.mp else m.expand(B, 1, L, L)
        for l in self.layers: x = l(x, m)
        return x


class Teacher(nn.Module):
    def __init__(self, folder, xpos, upos, rels, drop=0.1, load=True, da=512, dl=128):
        super().__init__()
        self.enc = Encoder(folder, drop, load); d = self.enc.d; self.shp = nn.Embedding(4 * SHAPES + 1, 32); w = d + 32
        self.src = nn.Embedding(len(SOURCES), 16)
        self.drop = Dropout(0.3); self.hd = Dropout(0.3)
        self.xp = nn.Linear(w, len(xpos)); self.up = nn.Linear(w, len(upos))
        self.nm = nn.Sequential(nn.Linear(w + 16, 256), nn.GELU(), Dropout(0.2), nn.Linear(256, len(NAME_TAGS)))
        self.root = nn.Parameter(torch.zeros(w))
        mlp = lambda k: nn.Sequential(nn.Linear(w, k), nn.GELU(), Dropout(0.3))
        self.ad, self.ah, self.ld, self.lh = mlp(da), mlp(da), mlp(dl), mlp(dl)
        self.U = nn.Parameter(torch.randn(da + 1, da) * 0.02 * 0.5); self.V = nn.Parameter(torch.randn(dl + 1, len(rels), dl + 1) * 0.01)
        self.nr = len(rels)

    def words(self, b):
        x = self.enc(b['ids'], b['shp'], b['lens'])
        g = lambda i: x.gather(1, i[..., None].expand(-1, -1, x.shape[2]))
        h = (g(b['first']) + g(b['last'])) * 0.5
        return self.drop(torch.cat([h, self.shp(b['wshp']).to(h.dtype)], -1))

    def name_logits(self, h, src):
        return self.nm(torch.cat([h, self.src(src)[:, None].expand(-1, h.shape[1], -1).to(h.dtype)], -1)).float()

    def parts(self, h, n):
        B, W, d = h.shape; hr = torch.cat([self.root.to(h.dtype).expand(B, 1, d), h], 1)
        a = self.ad(h); s = (torch.cat([a, torch.ones_like(a[..., :1])], -1) @ self.U.to(a.dtype)) @ self.ah(hr).transpose(1, 2)
        pad = torch.arange(W + 1)[None] > n[:, None]
        return s.float().masked_fill(pad[:, None], -1e4), self.ld(h), self.lh(hr)

    def labels(self, ld, lh, heads):
        """heads[B, W] with 0 the root"""
        k = lh.gather(1, heads[..., None].expand(-1, -1, lh.shape[2])); one = torch.ones_like(ld[..., :1])
        t = torch.cat([ld, one], -1); k = torch.cat([k, one], -1); m = t.shape[-1]
        return torch.einsum('bwri,bwi->bwr', (t @ self.V.to(t.dtype).reshape(m, -1)).view(*t.shape[:2], self.nr, m), k).float()


def collate(items, pc):
    """items: sentences with ['pc'] (ids, shapes, first, last) or words only"""
    P = [s.get('pc') or pc.sent(s['words']) for s in items]; B = len(P)
    L = max(len(p[0]) for p in P); W = max(len(p[2]) for p in P)
    z = lambda n, v=0: torch.full((B, n), v, dtype=torch.long)
    ids, shp, first, last, wshp = z(L, pc.pad), z(L), z(W), z(W), z(W)
    for i, (a, s, f, l) in enumerate(P):
        ids[i, :len(a)] = torch.tensor(a); shp[i, :len(a)] = torch.tensor(s); first[i, :len(f)] = torch.tensor(f); last[i, :len(l)] = torch.tensor(l)
        wshp[i, :len(f)] = torch.tensor([s[k] for k in f])
    return dict(ids=ids, shp=shp, first=first, last=last, wshp=wshp, lens=torch.tensor([len(p[0]) for p in P]), n=torch.tensor([len(p[2]) for p in P]))
