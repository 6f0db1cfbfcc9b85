"""Fine-tuning: train.py --base DIR --data DATA --work WORK --minutes 45. Stops and resumes by itself (WORK/last.pt)."""
import argparse, json, os, random, time, torch, numpy as np
import torch.nn.functional as F
from model import *
import data as D, evaluate

ap = argparse.ArgumentParser()
for k, v in dict(base=None, data='../shared/data', work='work').items(): ap.add_argument('--' + k, default=v)
for k, v in dict(minutes=45.0, lr=8e-5, head_lr=1e-3, budget=1800, save=6.0, eval=15.0, gmb=0.17, decay=0.92, maxlen=300, threads=2, seed=1).items(): ap.add_argument('--' + k, type=type(v), default=v)
A = ap.parse_args(); os.makedirs(A.work, exist_ok=True); torch.set_num_threads(A.threads); torch.manual_seed(A.seed); rng = random.Random(A.seed)
log = open(A.work + '/log.txt', 'a')
def say(*x): print(*x, flush=True); print(*x, file=log, flush=True)

TR = D.load_train(A.data); pc = Pieces(A.base)
vocab = lambda k: sorted({x for n in ('ewt', 'gum') for s in TR[n] for x in s[k]})
xpos, upos, rels = vocab('xpos'), vocab('upos'), vocab('rel')
XI, UI, RI = ({x: i for i, x in enumerate(v)} for v in (xpos, upos, rels))
for n, l in TR.items():
    for s in l: s['w'] = D.WEIGHT[D.SOURCES[s['src']]]; s['pc'] = pc.sent(s['words']); s['len'] = len(s['pc'][0])
TR = {n: [s for s in l if s['len'] <= A.maxlen and any(x.isalnum() for w in s['words'] for x in w)] for n, l in TR.items()}
say({n: (len(l), sum(len(s['words']) for s in l)) for n, l in TR.items()}, 'xpos', len(xpos), 'rels', len(rels))

def upper(s):
    w = [x.upper() for x in s['words']]
    return {**s, 'words': w, 'pc': pc.sent(w)}

def title(s):
    w = [x[:1].upper() + x[1:] if len(x) > 3 and x.isalpha() else x for x in s['words']]
    return {**s, 'words': w, 'pc': pc.sent(w)}

def epoch():
    S = TR['ewt'] + TR['gum'] + rng.sample(TR['gmb'], int(len(TR['gmb']) * A.gmb)) + TR['crossner'] + rng.sample(TR['tweets'], len(TR['tweets']) // 3) + rng.sample(TR['sec'], len(TR['sec']) // 2) + TR['re3d']
    rng.shuffle(S); S = [upper(s) if r < .03 else title(s) if r < .05 else s for s in S for r in (rng.random(),)]
    out = []
    for i in range(0, len(S), 1500):
        pool = sorted(S[i:i + 1500], key=lambda s: s['len'] + rng.random() * 4); cur = []
        for s in pool:
            if cur and (len(cur) + 1) * max(s['len'], cur[-1]['len']) > A.budget: out.append(cur); cur = []
            cur.append(s)
        if cur: out.append(cur)
    rng.shuffle(out); return out

m = Teacher(A.base, xpos, upos, rels)
for e in (m.enc.word, m.enc.pos): e.weight.requires_grad_(False)
groups = []; seen = set()
def add(ps, lr):
    ps = [p for p in ps if id(p) not in seen and p.requires_grad]; seen.update(id(p) for p in ps)
    if ps: groups.append(dict(params=ps, lr=lr, peak=lr))
nl = len(m.enc.layers)
add([m.enc.shape.weight], A.head_lr)
for i, l in enumerate(m.enc.layers): add(l.parameters(), A.lr * A.decay ** (nl - 1 - i))
add([p for n, p in m.enc.named_parameters() if 'layers' not in n], A.lr * A.decay ** nl)
add(m.parameters(), A.head_lr)
opt = torch.optim.AdamW(groups, weight_decay=0.01, fused=True, betas=(0.9, 0.98))
step = 0; used = 0.0
if os.path.exists(A.work + '/last.pt'):
    c = torch.load(A.work + '/last.pt', weights_only=False); m.load_state_dict(c['model']); opt.load_state_dict(c['opt']); step, used = c['step'], c['used']; say('resumed at', step, round(used / 60, 1))

def save(full=True):
    d = dict(model=m.state_dict(), xpos=xpos, upos=upos, rels=rels, step=step, used=used)
    torch.save(d, A.work + '/model.tmp'); os.replace(A.work + '/model.tmp', A.work + '/model.pt')
    if full: torch.save({**d, 'opt': opt.state_dict()}, A.work + '/last.tmp'); os.replace(A.work + '/last.tmp', A.work + '/last.pt')

def loss_of(items):
    b = collate(items, pc); B, W = b['first'].shape
    with torch.autocast('cpu', dtype=torch.bfloat16): h = m.words(b); nlg = m.name_logits(h, torch.tensor([s['src'] for s in items]))
    L = {}
    tg = torch.full((B, W), -100); wt = torch.zeros(B, W)
    for i, s in enumerate(items):
        if 'tags' in s: tg[i, :len(s['tags'])] = torch.tensor([-100 if t is None else TAG_ID[t] for t in s['tags']]); wt[i, :len(s['tags'])] = s['w']
    ce = F.cross_entropy(nlg.view(B * W, -1), tg.view(-1), reduction='none', ignore_index=-100, label_smoothing=0.02)
    L['name'] = (ce * wt.view(-1)).sum() / (tg >= 0).sum().clamp(min=1) * 2
    T = [i for i, s in enumerate(items) if 'head' in s]
    if T:
        ti = torch.tensor(T); n = b['n'][ti]; W2 = int(n.max()); ht = h[ti, :W2]
        X, U, H, R = (torch.full((len(T), W2), -100) for _ in range(4))
        for q, i in enumerate(T):
            s = items[i]; k = len(s['words'])
            X[q, :k] = torch.tensor([XI[x] for x in s['xpos']]); U[q, :k] = torch.tensor([UI[x] for x in s['upos']])
            H[q, :k] = torch.tensor(s['head']) + 1; R[q, :k] = torch.tensor([RI[x] for x in s['rel']])
        with torch.autocast('cpu', dtype=torch.bfloat16):
            xl, ul = m.xp(ht).float(), m.up(ht).float(); arc, ld, lh = m.parts(ht, n); lab = m.labels(ld, lh, H.clamp(min=0))
        c = lambda x, y: F.cross_entropy(x.reshape(-1, x.shape[-1]), y.reshape(-1), ignore_index=-100)
        f = len(T) / B
        L['xpos'] = .4 * f * c(xl, X); L['upos'] = .3 * f * c(ul, U); L['arc'] = f * c(arc, H); L['rel'] = f * c(lab, R)
    return L

t0 = last = time.time(); base_used = used; saved = ev = used; run = {}; words = 0; stop = False; ep = 0
while not stop:
    ep += 1
    for items in epoch():
        used = base_used + time.time() - t0; frac = used / (A.minutes * 60)
        if frac >= 1: stop = True; break
        k = min(1, (step + 1) / 200) * max(0.01, 1 - frac)
        for g in opt.param_groups: g['lr'] = g['peak'] * k
        L = loss_of(items); sum(L.values()).backward(); torch.nn.utils.clip_grad_norm_(m.parameters(), 2.0); opt.step(); opt.zero_grad(); step += 1
        words += sum(len(s['words']) for s in items)
        for q, v in L.items(): run[q] = run.get(q, v.item()) * .98 + .02 * v.item()
        if step % 50 == 0:
            say(time.strftime('%H:%M:%S'), 'ep', ep, 'step', step, 'frac %.3f' % frac, 'w/s %.0f' % (words / (time.time() - last)), {q: round(v, 3) for q, v in run.items()}); last = time.time(); words = 0
        if used - saved > A.save * 60: saved = used; save()
        if used - ev > A.eval * 60:
            ev = used; m.eval(); say(evaluate.run(m, dict(xpos=xpos, upos=upos, rels=rels), pc, A.data, A.work + '/dev', quick=True, sets=evaluate.SETS[:1] + evaluate.SETS[2:])); m.train(); last = time.time(); words = 0
save(); m.eval()
for k, v in evaluate.run(m, dict(xpos=xpos, upos=upos, rels=rels), pc, A.data, A.work + '/dev').items(): say(k, v)
