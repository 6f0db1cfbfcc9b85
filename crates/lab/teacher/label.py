"""Silver: label.py CKPT --base DIR --data DATA --out DIR PART...  with parts gmb gold_names names other raw (see README)."""
import argparse, glob, gzip, json, os, random, re, time, torch
from infer import *
import data as D, tokens as T

ap = argparse.ArgumentParser(); ap.add_argument('ckpt'); ap.add_argument('parts', nargs='+')
for k, v in dict(base=None, data='../shared/data', out='silver', raw='raw/txt', srcs='1').items(): ap.add_argument('--' + k, default=v)
ap.add_argument('--raw-words', type=int, default=3000000); ap.add_argument('--size', type=int, default=1500); ap.add_argument('--shard', default='0/1'); ap.add_argument('--threads', type=int, default=2)
A = ap.parse_args(); torch.set_num_threads(A.threads); os.makedirs(A.out, exist_ok=True)
m, c, pc = load(A.ckpt, A.base); SRCS = [int(x) for x in A.srcs.split(',')]
lex = D.Lexicon(A.data)
PLAIN = str.maketrans({'’': "'", '‘': "'", '“': '"', '”': '"', '\u00a0': ' '})


def hash_(s):
    import zlib
    return zlib.crc32(s.encode())


def bio(t):
    """BIOES to BIO; None stays"""
    return [None if x is None else x if x == 'O' else {'S': 'B', 'E': 'I'}.get(x[0], x[0]) + x[1:] for x in t]


def write(path, S, gold_tree=False, masked=False):
    """S: dicts with words, doc, optionally gold (BIO classes, None unknown) and raw (gold conllu rows)"""
    t = time.time(); P = predict(m, c, pc, [[w.translate(PLAIN) for w in s['words']] for s in S], SRCS, trees=not gold_tree)
    n = 0; doc = None
    with gzip.open(path + '.tmp', 'wt', encoding='utf8', compresslevel=6) as f:
        for s, r in zip(S, P):
            if s.get('doc') != doc: doc = s.get('doc'); f.write(f'# doc = {doc}\n')
            names = bio(r['names']); W = s['words']; k = len(W); n += k; g = s.get('gold')
            if not gold_tree: f.write(f"# tree_conf = {sum(r['logp']) / k:.4f}\n")
            shown = list(names)
            if g is not None:
                # untrusted: teacher and repaired label differ and the teacher is not sure
                for i in range(k):
                    if g[i] is not None and g[i] != names[i] and r['nameprob'][i] < .7: shown[i] = '?'
                f.write(f"# name_agree = {sum(1 for i in range(k) if g[i] is not None and g[i] != names[i])}\n")
            f.write(f"# name_conf = {min(r['nameprob']):.3f}\n")
            for i, w in enumerate(W):
                misc = ['Name=' + (shown[i] if masked else names[i])]
                if masked and shown[i] == '?': misc.append('Teacher=' + names[i])
                cf = [] if gold_tree else [f"tree:{np.exp(r['logp'][i]):.2f}"]
                misc.append('Conf=' + ','.join(cf + [f"name:{r['nameprob'][i]:.2f}"]))
                if g is not None: misc.append('Gold=' + ('_' if g[i] is None else g[i]))
                if gold_tree: x = s['raw'][i]; row = [str(i + 1), w, x[2], x[3], x[4], x[5], x[6], x[7], '_']; misc += [y for y in x[9].split('|') if y == 'SpaceAfter=No']
                else: row = [str(i + 1), w, '_', r['upos'][i], r['xpos'][i], '_', str(r['head'][i] + 1), r['rel'][i], '_']
                f.write('\t'.join(row + ['|'.join(misc)]) + '\n')
            f.write('\n')
    os.replace(path + '.tmp', path); print(time.strftime('%H:%M:%S'), path, len(S), 'sentences', n, 'tokens', round(n / (time.time() - t)), 'w/s', flush=True)


def pieces(name, S, **kw):
    for i in range(0, len(S), A.size):
        if (i // A.size) % int(A.shard.split('/')[1]) != int(A.shard.split('/')[0]): continue
        p = f'{A.out}/{name}-{i // A.size:03d}.conllu.gz'
        if not os.path.exists(p): write(p, S[i:i + A.size], **kw)


def fine(l):
    """treebank tokens for sets that keep hyphens"""
    out = []
    for s in l:
        w, g = T.refine(s['words'], bio(s['tags'])); out.append(dict(words=w, gold=g, doc=s.get('doc') or s.get('part', '')))
    return out


TR = None
def train():
    global TR
    if TR is None: TR = D.load_train(A.data)
    return TR


for part in A.parts:
    if part == 'gmb':
        S = [s for s in train()['gmb'] if not any(re.fullmatch(r'\d\d-[A-Z][a-z][a-z]|[A-Z][a-z][a-z]-\d\d', w) for w in s['words'])]
        for s in S: s['doc'] = 'gmb'
        pieces('gmb', fine(S), masked=True)
        pieces('gmb_dev', [dict(s, doc='gmb_dev') for s in fine(D.named([A.data + '/train/gmb/dev.bio'], 'gmb', D.T_GMB, lex))], masked=True)
    elif part == 'gold':                       # gold trees kept, teacher's names beside the gold ones
        for n in ('ewt', 'gum'):
            for s in train()[n]: s['gold'] = bio(s['tags']) if 'tags' in s else [None] * len(s['words'])
            pieces('gold_' + n, train()[n], gold_tree=True)
    elif part == 'names':
        for n in ('crossner', 're3d', 'sec', 'tweets'): pieces('names_' + n, fine(train()[n]))
    elif part == 'other':
        S = []
        seen = set()
        for l in open(A.data + '/train/knowledgenet/folds123.jsonl', encoding='utf8'):
            x = json.loads(l)
            if x['text'] in seen: continue
            seen.add(x['text']); S += [dict(words=T.words(y), doc='knowledgenet ' + x['doc']) for y in T.sentences(x['text'])]
        pieces('knowledgenet', S)
        S = []
        for f in sorted(glob.glob(A.data + '/train/masc_tagged/*/*.txt')):
            for l in open(f, encoding='utf8', errors='replace'):
                w = [x.rsplit('_', 1)[0] for x in l.split()]; w = [y for x in w if x for y in (T.hyphens(x) if any(ch.isalpha() for ch in x) else [x])]
                if 2 <= len(w) <= 150: S.append(dict(words=w, doc='masc ' + os.path.basename(f)))
        pieces('masc', S)
    elif part == 'raw':
        files = sorted(glob.glob(A.raw + '/*.txt')); random.Random(7).shuffle(files); S = []; n = 0; seen = set()
        for f in files:
            for par in open(f, encoding='utf8', errors='replace').read().split('\n'):
                par = par.strip()
                if not par or re.fullmatch(r"END|[\d: .APM]+E[DS]T.*", par): continue
                par = re.sub(r'^Q\s+', '', par)
                if random.Random(hash_(par)).random() < .92: par = re.sub(r"^(?:M[RS]S?\.|SECRETARY|DR\.|THE PRESIDENT|AMBASSADOR|SENIOR ADMINISTRATION OFFICIAL)[A-Z .'’-]*:\s*", '', par)
                for y in T.sentences(par):
                    w = T.words(y)
                    if not 4 <= len(w) <= 110 or y in seen: continue
                    seen.add(y); S.append(dict(words=w, doc='whb ' + os.path.basename(f)[:-4])); n += len(w)
            if n > A.raw_words: break
        print('raw', len(S), n, flush=True); pieces('raw', S)
