"""Reading and cleaning of the training sets: one list of sentences with whatever labels each set has.

A sentence is a dict: words, src (index into SOURCES), and optionally xpos, upos, head, rel (strings / 0-based heads with
-1 for the root) and tags (name tags BIOES-CLASS, None where the loss must not look). doc marks the document.
"""
import csv, json, os, re, glob

SOURCES = ['gmb', 'uner', 'gum', 'crossner', 'tweets', 'sec', 're3d']
CLASSES = ['PER', 'ORG', 'LOC', 'NORP', 'MISC']
WEIGHT = {'gmb': 0.5, 'uner': 1.0, 'gum': 0.6, 'crossner': 1.0, 'tweets': 0.4, 'sec': 0.3, 're3d': 0.5}

TITLES = set('''mr mr. mrs mrs. ms ms. miss dr dr. prof prof. professor president presidents vice vice-president prime minister ministers
premier chancellor secretary secretary-general general gen gen. lt lt. lieutenant colonel col col. major maj. captain capt capt. sergeant
sgt sgt. admiral adm. senator senators sen. sens. representative rep. reps. congressman congresswoman governor gov. gov mayor ambassador envoy
king queen prince princess emperor sultan emir pope cardinal archbishop bishop reverend rev. rev father sister ayatollah imam sir lord lady
dame judge justice chief commander deputy spokesman spokeswoman attorney speaker director chairman chairwoman chair former ex-president
foreign defense defence interior finance opposition leader president-elect first us u.s. state undersecretary premier brigadier marshal
commissioner inspector officer private corporal'''.split())
# words above that are titles only when another title follows ("foreign minister", "vice president", "U.S. president")
WEAK = set('foreign defense defence interior finance opposition leader former first us u.s. state chief private father sister lady officer director chair deputy miss general lord prince princess king queen judge justice marshal'.split())
NAME_TITLES = set('general lord prince princess king queen judge justice marshal father sister lady miss deputy chief director'.split())
ROLES = set('borrower lender bank company executive employee agent guarantor holder trustee landlord tenant seller buyer purchaser parent corporation grantor grantee debtor lessee lessor consultant'.split())


class Lexicon:
    """Country names and demonyms."""
    def __init__(self, data):
        self.country, self.demonym = set(), set()
        lex = os.path.join(data, 'lexicon')
        for c in json.load(open(f'{lex}/mledoze_countries/countries.json', encoding='utf8')):
            self.country |= {c['name']['common'].lower(), c['name']['official'].lower()} | {a.lower() for a in c.get('altSpellings', []) if len(a) > 3}
            for v in c.get('demonyms', {}).get('eng', {}).values():
                if v: self.demonym |= {v.lower()}
        text = open(f'{lex}/nationality/nationality.py', encoding='utf8').read()
        for v in re.findall(r'"[A-Z]{2}": "([^"]+)"', text): self.demonym.add(v.lower())
        self.country |= set('u.s. us usa u.s.a. u.k. uk uae u.a.e. america britain england scotland wales burma ivory\tcoast holland czechoslovakia yugoslavia u.s.s.r. ussr congo'.split(' ')) | {'ivory coast', 'north korea', 'south korea', 'sri lanka', 'east timor', 'the gambia', 'palestine', 'kosovo', 'taiwan', 'tibet', 'nepal', 'niger', 'kashmir', 'chechnya', 'abkhazia', 'south ossetia'}
        self.demonym |= set('''afghan arab arabs african asian european korean british english scottish welsh irish palestinian kurdish kurd kurds jewish jew jews muslim muslims
islamic christian christians hindu hindus buddhist catholic catholics protestant sunni sunnis shi'ite shi'ites shiite shiites shia sikh serb serbs bosnian bosniak croat croats chechen tibetan
burmese dane danes swede swedes finn finns turk turks pole poles czech czechs spaniard spaniards briton britons frenchman dutchman scot scots thai thais uzbek uzbeks kazakh tajik turkmen kyrgyz uighur uyghur
pashtun tamil tamils hispanic latino latin soviet yugoslav kashmiri basque catalan flemish roma maori zulu inuit western'''.split())
        self.demonym -= {'western', 'latin', 'islamic', 'roma', 'georgia'}
        self.demonym |= {d + 's' for d in list(self.demonym) if d.endswith(('an', 'i', 'b', 't', 'd'))}
        self.demonym -= self.country

    def is_demonym(self, w): return w[:1].isupper() and w.lower() in self.demonym


def read_bio(path):
    """[(doc index, words, tags)]"""
    out = []; sent = []; doc = 0
    def end():
        nonlocal sent
        if sent: out.append((doc, [a for a, _ in sent], [b for _, b in sent]))
        sent = []
    for line in open(path, encoding='utf8'):
        f = line.rstrip('\r\n').split('\t') if '\t' in line else line.split()
        if not f or not f[0].strip(): end(); continue
        if f[0] == '-DOCSTART-': end(); doc += 1; continue
        sent.append((f[0], f[-1]))
    end()
    return out


def spans_of(tags):
    out = []; cur = None
    for i, t in enumerate(tags):
        if t in ('O', '_', None): cur = None; continue
        b, ty = t.split('-', 1)
        if cur is None or b in 'BSU' or cur[2] != ty: cur = [i, i + 1, ty]; out.append(cur)
        else: cur[1] = i + 1
    return [tuple(x) for x in out]


def bioes(n, spans, mask=()):
    t = ['O'] * n
    for s, e, c in spans:
        if e - s == 1: t[s] = 'S-' + c; continue
        t[s] = 'B-' + c; t[e - 1] = 'E-' + c
        for i in range(s + 1, e - 1): t[i] = 'I-' + c
    for i in mask: t[i] = None
    return t


def trim_person(words, s, e):
    """Titles off the front, a clitic off the end."""
    while e - s > 1 and words[e - 1].lower() in ("'s", "’s", "'", '’'): e -= 1
    k = s
    while k < e - 1:
        w = words[k].lower()
        if w in TITLES and w not in WEAK: k += 1; s = k
        elif w in NAME_TITLES and words[k][0].isupper(): k += 1; s = k
        elif w in TITLES or w in ('-', 'of', 'and') and k > s: k += 1
        else: break
    # a bare title is no name
    if e - s == 1 and words[s].lower() in TITLES - {'king', 'prince', 'pope', 'bishop', 'judge', 'major', 'chase'}: return s, s
    return s, e


def convert(words, tags, table, lex, src, lowercase_ok=False):
    """Set's own tags to BIOES of CLASSES; a value '?' in the table masks the span."""
    spans = []; mask = set(); taken = set()
    for s, e, ty in spans_of(tags):
        c = table.get(ty.lower(), '?')
        if c == 'O': continue
        taken |= set(range(s, e))
        if c == '?': mask |= set(range(s, e)); continue
        if words[s].lower() in ('the', 'a', 'an', 'The') and e - s > 1 and c != 'MISC': s += 1
        if all(lex.is_demonym(w) for w in words[s:e]) or (e - s > 1 and e - s <= 3 and ' '.join(words[s:e]).lower() in lex.demonym): c = 'NORP'
        elif c == 'NORP' and ' '.join(words[s:e]).lower() in lex.country: c = 'LOC'
        if c == 'PER': s, e = trim_person(words, s, e)
        else:
            while e - s > 1 and words[e - 1].lower() in ("'s", '’s'): e -= 1
        if e <= s: continue
        if src == 'gmb' and c in ('PER', 'ORG') and ' '.join(words[s:e]).lower() in lex.country: c = 'LOC'
        if src == 'gmb' and e - s == 1 and words[s] == 'Western': continue
        if not lowercase_ok and not any(ch.isupper() or ch.isdigit() for w in words[s:e] for ch in w) : mask |= set(range(s, e)); continue
        spans.append((s, e, c))
    for i, w in enumerate(words):
        if i not in taken and lex.is_demonym(w) and not w.isupper(): spans.append((i, i + 1, 'NORP'))
    return bioes(len(words), spans, mask)


def table(**kw): return {k: c for c, names in kw.items() for k in names.split()}

T_GMB = table(PER='per', ORG='org', LOC='geo', NORP='gpe', MISC='art eve nat', O='tim')
T_UNER = table(PER='per', ORG='org', LOC='loc', MISC='oth')
T_GUM = table(PER='person', ORG='organization', LOC='place', MISC='event', )
T_CROSS = table(PER='politician person researcher scientist writer musicalartist', ORG='politicalparty organisation university band',
                LOC='country location', MISC='event election award misc book album song poem product programlang conference academicjournal magazine theory',
                )
T_TWEET = table(PER='person per', ORG='corporation group org', LOC='location loc', MISC='product creative-work')
T_SEC = table(PER='per', ORG='org', LOC='loc', MISC='misc')
T_RE3D = table(PER='person', ORG='organisation', LOC='location', NORP='nationality', O='temporal quantity money frequency')


def read_conllu(path):
    out = []; cur = []; doc = ''; 
    for l in open(path, encoding='utf8'):
        if l.startswith('# newdoc'): doc = l.split('=', 1)[-1].strip()
        if l.startswith('#'): continue
        if not l.strip():
            if cur: out.append((doc, cur))
            cur = []; continue
        f = l.rstrip('\n').split('\t')
        if '-' in f[0] or '.' in f[0]: continue
        cur.append(f)
    if cur: out.append((doc, cur))
    return out


def tree(path, src):
    out = []
    for doc, s in read_conllu(path):
        out.append(dict(words=[f[1] for f in s], src=src, doc=doc, upos=[f[3] for f in s], xpos=[f[4] for f in s],
                        head=[int(f[6]) - 1 for f in s], rel=[f[7] for f in s], raw=s))
    return out


def named(paths, src, tab, lex, part=None, **kw):
    out = []
    for p in paths:
        for d, w, t in read_bio(p):
            if src == 'gmb':
                for i in range(len(w) - 1):
                    if w[i] in ('Sri', 'Saudi') and w[i + 1].startswith(('Lanka', 'Arabia')): t[i], t[i + 1] = 'B-gpe', 'I-gpe'
            out.append(dict(words=w, src=SOURCES.index(src), part=part or os.path.basename(p), doc=f'{os.path.basename(p)}#{d}' if d else '', gold=t, tags=convert(w, t, tab, lex, src, **kw)))
    return out


def re3d_mask(s):
    """re3d marks noun phrases as well: what is not made of capitalised words only is masked."""
    for a, b, _ in spans_of([t if t else 'O' for t in s['tags']]):
        if any(w[0].islower() and w.lower() not in ('of', 'the', 'and', 'for', 'in', 'al', 'de', 'on') for w in s['words'][a:b]):
            for i in range(a, b): s['tags'][i] = None


def handles(s):
    for i, w in enumerate(s['words']):
        if w.startswith(('@', '#')):
            s['tags'][i] = None
            if len(w) == 1 and i + 1 < len(s['words']): s['tags'][i + 1] = None


def load_train(data):
    """{name: sentences}; EWT and GUM carry trees and names together."""
    lex = Lexicon(data); D = {}; T = data + '/train'
    ewt = tree(f'{T}/ud_ewt/train.conllu', SOURCES.index('uner'))
    uner = named([f'{T}/uner_ewt/train_with_OTH.bio'], 'uner', T_UNER, lex, lowercase_ok=True)
    by = {}
    for s in uner: by.setdefault(tuple(s['words']), []).append(s)
    hit = 0
    for s in ewt:
        l = by.get(tuple(s['words']))
        if l: s['tags'] = l[0]['tags']; s['gold'] = l[0]['gold']; hit += 1
    print('ewt', len(ewt), 'with names', hit)
    gum = tree(f'{T}/gum/train_commercial_ok.conllu', SOURCES.index('gum'))
    g2 = {}
    for s in named([f'{T}/gum/commercial_ok_train.bio'], 'gum', T_GUM, lex): g2.setdefault(tuple(s['words']), []).append(s)
    hit = 0
    for s in gum:
        l = g2.get(tuple(s['words']))
        if l: s['tags'] = l[0]['tags']; s['gold'] = l[0]['gold']; hit += 1
    print('gum', len(gum), 'with names', hit)
    D['ewt'], D['gum'] = ewt, gum
    D['gmb'] = named([f'{T}/gmb/train.bio'], 'gmb', T_GMB, lex)
    D['crossner'] = [s for p in ('politics', 'science', 'music', 'literature', 'ai') for s in named(sorted(glob.glob(f'{T}/crossner_{p}/*.bio')), 'crossner', T_CROSS, lex, part='crossner_' + p)]
    D['tweets'] = named([f'{T}/wnut17/train.bio', f'{T}/wnut17/dev.bio'], 'tweets', T_TWEET, lex, part='wnut17', lowercase_ok=True) + named(sorted(glob.glob(f'{T}/btc/*.bio')), 'tweets', T_TWEET, lex, part='btc', lowercase_ok=True)
    for s in D['tweets']: handles(s)
    D['sec'] = named([f'{T}/sec_filings/train.bio', f'{T}/sec_filings/test.bio'], 'sec', T_SEC, lex, part='sec_filings')
    for s in D['sec']:
        for a, b, c in spans_of([t if t else 'O' for t in s['tags']]):
            if c == 'PER' and b - a == 1 or any(w.lower() in ROLES for w in s['words'][a:b]) and b - a == 1:
                for i in range(a, b): s['tags'][i] = None
    D['re3d'] = named(sorted(glob.glob(f'{T}/re3d/*.bio')), 're3d', T_RE3D, lex)
    for s in D['re3d']: re3d_mask(s)
    return D


if __name__ == '__main__':
    import sys, collections
    D = load_train(sys.argv[1] if len(sys.argv) > 1 else '../shared/data')
    for k, v in D.items():
        C = collections.Counter(t if t is None else t[2:] for s in v for t in s.get('tags', []) if t is None or t[0] in 'BS')
        print(k, len(v), sum(len(s['words']) for s in v), dict(C))
    C = collections.Counter()
    for s in D['gmb']:
        for a, b, c in spans_of(s['tags']):
            if c == 'PER': C[s['words'][a]] += 1
    print(C.most_common(60))
    C = collections.Counter()
    for s in D['gmb']:
        for a, b, c in spans_of(s['tags']):
            if c == 'NORP': C[' '.join(s['words'][a:b])] += 1
    print(C.most_common(150))
