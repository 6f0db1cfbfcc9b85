"""Dev scores with the project's own scorers: evaluate.py CKPT --base DIR --data DATA --work WORK [--srcs 1,3] [--quick]"""
import argparse, json, os, subprocess, sys, time, torch
from infer import *
import data as D

TYPE = {'PER': 'person', 'ORG': 'organisation', 'LOC': 'place'}
SETS = [('dwie', 'dwie/dev.bio'), ('worldwide', 'worldwide_newswire/dev.bio'), ('uner_ewt', 'uner_ewt/dev.bio'), ('crossner_politics', 'crossner_politics/dev.bio')]


def docs(path):
    S = D.read_bio(path); out = []; last = None
    for d, w, t in S:
        if d != last: out.append([]); last = d
        out[-1].append((w, t))
    if len(out) == 1 and len(out[0]) > 80: out = [out[0][i:i + 50] for i in range(0, len(out[0]), 50)]
    return out


def names_jsonl(path, out, label, post=None):
    dd = docs(path); flat = [w for d in dd for w, _ in d]; pred = label(flat); k = 0
    base = os.path.splitext(os.path.basename(path))[0]
    with open(out, 'w') as f:
        for i, d in enumerate(dd):
            ms = []; pos = 0; P = pred[k:k + len(d)]; k += len(d)
            if post: P = post([w for w, _ in d], P)
            for (w, _), p in zip(d, P):
                st = []; en = []
                for j, t in enumerate(w):
                    pos += 1 if j else 0; st.append(pos); pos += len(t.encode()); en.append(pos)
                pos += 2
                for a, b, c in D.spans_of(p):
                    if c in TYPE: ms.append(dict(type=TYPE[c], mentions=[dict(start=st[a], end=en[b - 1], kind='name')]))
            f.write(json.dumps(dict(doc=f'{base}_{i:04d}.txt', entities=ms)) + '\n')


def run(m, c, pc, data, work, srcs=(1,), scorers=None, quick=False, trees=True, post=None, sets=SETS):
    scorers = scorers or os.path.dirname(data); os.makedirs(work, exist_ok=True); R = {}
    if trees:
        for nm, p in (('ewt', 'ud_ewt/dev.conllu'), ('gum_news', 'gum/dev_news.conllu'), ('gum', 'gum/dev_commercial_ok.conllu')):
            if quick and nm == 'gum': continue
            S = D.read_conllu(f'{data}/dev/{p}'); P = predict(m, c, pc, [[f[1] for f in s] for _, s in S], srcs)
            with open(f'{work}/{nm}.conllu', 'w') as f:
                for (_, s), r in zip(S, P):
                    for i, x in enumerate(s): f.write('\t'.join([str(i + 1), x[1], '_', r['upos'][i], r['xpos'][i], '_', str(r['head'][i] + 1), r['rel'][i], '_', '_']) + '\n')
                    f.write('\n')
            o = json.loads(subprocess.run([sys.executable, f'{scorers}/treescore.py', f'{data}/dev/{p}', f'{work}/{nm}.conllu'], capture_output=True, text=True, check=True).stdout)
            R[nm] = {k: o[k] for k in ('las', 'uas', 'pairs_f1', 'content_uas', 'xpos')}
            R[nm]['upos'] = round(100 * sum(x[3] == r['upos'][i] for (_, s), r in zip(S, P) for i, x in enumerate(s)) / sum(len(s) for _, s in S), 2)
    for nm, p in sets:
        label = lambda S: [r['names'] for r in predict(m, c, pc, S, srcs, trees=False)]
        names_jsonl(f'{data}/dev/{p}', f'{work}/{nm}.jsonl', label, post)
        o = json.loads(subprocess.run([sys.executable, f'{scorers}/nerscore.py', 'score', f'{data}/dev/{p}', f'{work}/{nm}.jsonl', '--json'], capture_output=True, text=True, check=True).stdout)
        R[nm] = {k: o[k][2] for k in ('micro', 'PER', 'ORG', 'LOC')}
    return R


if __name__ == '__main__':
    a = argparse.ArgumentParser(); a.add_argument('ckpt'); a.add_argument('--base', required=True); a.add_argument('--data', default='../shared/data'); a.add_argument('--work', default='work'); a.add_argument('--srcs', default='1'); a.add_argument('--quick', action='store_true'); a.add_argument('--no-trees', action='store_true')
    a = a.parse_args(); torch.set_num_threads(2); t = time.time()
    m, c, pc = load(a.ckpt, a.base)
    for k, v in run(m, c, pc, a.data, a.work, [int(x) for x in a.srcs.split(',')], quick=a.quick, trees=not a.no_trees).items(): print(k, v)
    print(round(time.time() - t), 's')
