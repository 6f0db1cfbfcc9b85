"""Plain text to sentences of words after the conventions of the English Web Treebank; finer tokens for sets that keep hyphens."""
import re

PREFIX = set('a ante anti bi co counter cyber de e eco ex extra inter mega micro mid mini multi neo non over pan para post pre pro pseudo quasi re semi sub super trans tri u ultra un uni'.split())
SUFFIX = set('esque ette fest fold gate itis less most rama wise'.split())
ABBR = set('''mr mrs ms dr prof gen lt col maj capt sgt adm sen sens rep reps gov st ft mt vs etc inc corp co ltd jr sr no jan feb mar apr jun jul aug sept sep oct nov dec
mon tue tues wed thu thur thurs fri sat sun rev hon ave blvd dept est al fig vol pp ed eds ph.d u.s u.n u.k p.m a.m e.g i.e d.c messrs amb sec cmdr pvt cpl approx assn bros calif fla mass'''.split())
URL = re.compile(r'^(?:https?://|www\.)\S+$|^\S+@\S+\.\w+$|^\S+\.(?:com|org|net|gov|edu)(?:/\S*)?$', re.I)
CLITIC = re.compile(r"^(.+?)((?i:n['’]t|['’](?:s|m|d|re|ve|ll)))$")
NUMBER = re.compile(r'^[+-]?\d[\d.,:/-]*\d$|^\d$')
OPEN = '([{"“‘«'
CLOSE = ')]}"”’»,;:?!'


def hyphens(w):
    """"well-known" -> well - known, but anti-ship and 713-853 stay"""
    if '-' not in w or w.strip('-') == '' or URL.match(w) or w.startswith('-') or w.endswith('-'): return [w]
    if '--' in w:
        return [x for p in re.split(r'(--+)', w) for x in ([p] if p.startswith('--') else hyphens(p)) if p]
    if re.fullmatch(r'[\d.,/:-]+', w) and not re.fullmatch(r'\d{1,4}-\d{1,4}', w): return [w]
    parts = w.split('-'); out = [parts[0]]; glue = parts[0].lower() in PREFIX and len(parts) > 1 or False
    for p in parts[1:]:
        if glue or p.lower() in SUFFIX: out[-1] += '-' + p
        else: out += ['-', p]
        glue = p.lower() in PREFIX
    return [x for x in out if x] if all(parts) else [w]


def chunk(c, last):
    """one stretch without white space"""
    pre, post = [], []
    if len(c) > 1 and len(set(c)) == 1 and not c[0].isalnum() and c[0] not in '"\'': return [c]
    if URL.match(c.rstrip('.,;:)!?')):
        k = len(c.rstrip('.,;:)!?')); return [c[:k]] + list(c[k:])
    while c:
        m = re.match(r'\.{2,}|--+|[—–…]', c)
        if m and len(m.group()) < len(c): pre.append(m.group()); c = c[m.end():]; continue
        if c[0] in OPEN + '#$£€¥%&*/<>=~|' + CLOSE and len(c) > 1 and not re.match(r"^['’](?:s|m|d|re|ve|ll)$", c, re.I) and not re.match(r'^#\w', c): pre.append(c[0]); c = c[1:]; continue
        if c[0] in "'`" and len(c) > 1 and not re.match(r"^'(?:s|m|d|re|ve|ll|em|til|cause|tis|twas|\d\ds?)$", c, re.I): pre.append(c[0]); c = c[1:]; continue
        break
    while c:
        m = re.search(r'(?:\.{2,}|--+|[—–…])$', c)
        if m and m.start() > 0: post.append(m.group()); c = c[:m.start()]; continue
        if c[-1] in CLOSE + "'%" and len(c) > 1 and not (c[-1] in "'’" and re.search(r"s['’]$", c, re.I) and False): post.append(c[-1]); c = c[:-1]; continue
        if c[-1] == '.' and len(c) > 1:
            b = c[:-1]
            keep = b.lower() in ABBR or re.fullmatch(r'(?:[A-Za-z]\.)*[A-Za-z]', b) and (b[0].isupper() or '.' in b) and b != 'I'
            if keep and not (last and not post and b.lower() not in ABBR and '.' not in b): break
            post.append('.'); c = b; continue
        break
    mid = []
    if c:
        for p in re.split(r'(--+|—|…|\.{2,})', c):
            if not p: continue
            if NUMBER.match(p) and not re.fullmatch(r'\d{1,4}-\d{1,4}', p) or URL.match(p): mid.append(p); continue
            for q in re.split(r'(?<=[A-Za-z])(/)(?=[A-Za-z])', p):
                for r in hyphens(q): mid += inner(r)
    return pre + mid + post[::-1]


def inner(w):
    m = re.fullmatch(r'(\d[\d.,:]*)(am|pm|a\.m\.|p\.m\.|%|km|mph|mg|kg|lbs?)', w, re.I)
    if m: return [m.group(1), m.group(2)]
    m = re.fullmatch(r'((?:US|C|A|HK)?[$£€])(\d.*)', w)
    if m: return [m.group(1), m.group(2)]
    l = w.lower()
    if l == 'cannot': return [w[:3], w[3:]]
    if l in ('gonna', 'wanna', 'gotta'): return [w[:3], w[3:]]
    m = CLITIC.match(w)
    if m and m.group(1): return inner(m.group(1)) + [m.group(2)]
    return [w]


def words(text):
    parts = text.split(); out = []
    for i, p in enumerate(parts): out += chunk(p, i == len(parts) - 1)
    return out


END = re.compile(r'[.!?…]+["”’)\]]*(?=\s+["“‘(\[]*[A-Z0-9])|[.!?]+["”’)\]]*$')


def sentences(par):
    """cut a paragraph"""
    out = []; a = 0
    for m in END.finditer(par):
        e = m.end(); before = par[a:m.start() + 1].split()
        w = before[-1] if before else ''
        if par[m.start()] == '.' and m.group()[0] == '.' and len(m.group().rstrip('"”’)]')) == 1 and e < len(par):
            b = w.rstrip('.').lstrip('(["“‘').lower()
            nxt = par[e:].split()[0].strip('"“(').lower() if par[e:].split() else ''
            if b in ('p.m', 'a.m', 'u.s', 'u.n', 'u.k', 'd.c', 'inc', 'corp', 'co', 'ltd', 'jr', 'sr', 'etc'):
                if nxt not in ('the', 'he', 'she', 'it', 'we', 'i', 'they', 'in', 'but', 'and', 'so', 'that', 'this', 'at', 'a', 'on', 'you', 'there', 'what', 'if', 'for', 'as', 'our', 'his'): continue
            elif b in ABBR or len(b) == 1 and b != 'i': continue
            elif re.fullmatch(r'(?:[a-z]\.)+[a-z]', b): continue
        s = par[a:e].strip()
        if s: out.append(s)
        a = e
    if par[a:].strip(): out.append(par[a:].strip())
    return out


def refine(ws, tags):
    """set's tokens to treebank tokens, tags spread: B I I"""
    W, T = [], []
    for w, t in zip(ws, tags):
        p = hyphens(w) if any(c.isalpha() for c in w) else [w]
        p = [x for q in p for x in (inner(q) if q == w and w.lower() in ('cannot', 'gonna', 'wanna') else [q])]
        for i, x in enumerate(p):
            W.append(x)
            if i and t and t != 'O': T.append('I-' + t[2:])
            else: T.append(t)
    return W, T


if __name__ == '__main__':
    for t in ["Mr. O'Neill didn't say he'd cannot pay $5.5 million (U.S. dollars) for the well-known anti-ship system, 10% of al-Qaida's U.S.-led budget.",
              'He lives in the U.S. The "end" -- or so--came at 5:30p.m. on 9/11. I wasn\'t "there." See www.a.com/b-c, and/or e-mail j@x.org!', "the workers’ rights, James' 3-year-old son said: 'No.' It's the '90s. Gen. Smith Jr. left. (Laughter.) Josh. So what? OK."]:
        for s in sentences(t): print(words(s))
