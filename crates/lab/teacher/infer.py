"""Loading a checkpoint and labelling lists of sentences."""
import json, os, torch, numpy as np
from model import *


def load(ckpt, base):
    c = torch.load(ckpt, map_location='cpu', weights_only=False)
    m = Teacher(base, c['xpos'], c['upos'], c['rels'], load=False); m.load_state_dict(c['model']); m.eval()
    for l in m.enc.layers:
        for x in (l.qkv, l.o, l.up, l.down): x.to(torch.bfloat16)
    return m, c, Pieces(base)


def split_long(words, pc, limit=400):
    """cut points so that no piece has more than limit sub-words"""
    cuts = [0]; n = 0
    for i, w in enumerate(words):
        k = len(pc.word(w))
        if n + k > limit: cuts.append(i); n = 0
        n += k
    return cuts + [len(words)]


@torch.no_grad()
def predict(m, c, pc, sents, srcs=(1,), trees=True, budget=6000, progress=None):
    """for each sentence (list of words) a dict: xpos upos head rel logp (per token head+label) names nameprob (per token)"""
    jobs = []
    for k, w in enumerate(sents):
        cuts = split_long(w, pc)
        for a, b in zip(cuts, cuts[1:]): jobs.append((k, a, b, pc.sent(w[a:b])))
    jobs.sort(key=lambda j: len(j[3][0])); out = [None] * len(sents); i = 0; done = {}
    X, U, R = c['xpos'], c['upos'], c['rels']; root = R.index('root'); cnt = 0
    while i < len(jobs):
        j = i
        while j < len(jobs) and (j - i + 1) * len(jobs[j][3][0]) <= budget: j += 1
        j = max(j, i + 1); chunk = jobs[i:j]; i = j
        b = collate([dict(pc=x[3]) for x in chunk], pc)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            h = m.words(b); xp = m.xp(h).float().argmax(-1); up = m.up(h).float().argmax(-1)
            nl = 0
            for s in srcs: nl = nl + torch.softmax(m.name_logits(h, torch.full((len(chunk),), s)), -1)
            nl = torch.log(nl / len(srcs) + 1e-9).numpy()
            if trees: arc, ld, lh = m.parts(h, b['n']); alp = torch.log_softmax(arc, -1).numpy()
        res = []
        if trees:
            H = np.zeros((len(chunk), int(b['n'].max())), np.int64)
            for q, x in enumerate(chunk):
                n = x[2] - x[1]; H[q, :n] = mst(alp[q, :n, :n + 1])
            with torch.autocast('cpu', dtype=torch.bfloat16): lab = m.labels(ld, lh, torch.from_numpy(H))
            lab[..., root] = lab[..., root].masked_fill(torch.from_numpy(H) != 0, -1e4)
            rl = torch.log_softmax(lab, -1); rv, ri = rl.max(-1); rv, ri = rv.numpy(), ri.numpy()
        for q, (k, a, e, _) in enumerate(chunk):
            n = e - a; cnt += n; lp = nl[q, :n]; tg = viterbi(lp)
            r = dict(xpos=[X[t] for t in xp[q, :n].tolist()], upos=[U[t] for t in up[q, :n].tolist()], names=[NAME_TAGS[t] for t in tg], nameprob=[float(np.exp(lp[z, t])) for z, t in enumerate(tg)])
            if trees:
                h = H[q, :n]; r['head'] = (h - 1).tolist(); r['rel'] = ['root' if h[z] == 0 else R[ri[q, z]] for z in range(n)]
                r['logp'] = [float(alp[q, z, h[z]] + (0 if h[z] == 0 else rv[q, z])) for z in range(n)]
            done.setdefault(k, []).append((a, r))
        if progress: progress(cnt)
    for k, l in done.items():
        l.sort(key=lambda x: x[0]); r = l[0][1]
        for a, p in l[1:]:
            for key in r:
                if key == 'head':
                    top = r['head'].index(-1); r['head'] += [top if h < 0 else h + a for h in p['head']]
                elif key == 'rel': r['rel'] += ['parataxis' if x == 'root' else x for x in p['rel']]
                else: r[key] += p[key]
        out[k] = r
    return out
