//! Tokens of a stretch of text, in the manner of the English Web Treebank.

use tieline_text::Span;

use super::tables as t;

/// Longest token in bytes; longer runs of letters are cut, so that no later stage meets a token
/// of megabytes.
pub(super) const MAX_TOKEN: usize = 256;

/// Whether a character stands between tokens and never in one.
///
/// White space as Unicode has it, control characters, and the marks without width that are used
/// as space or as byte order.
pub fn is_space(c: char) -> bool {
    if c.is_ascii() {
        return c <= ' ' || c == '\u{7f}';
    }
    c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// What a character does to the word in front of it.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_joiner(c)
}

/// Combining marks, joiners, variation selectors: part of the character before.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}'
        | '\u{64b}'..='\u{65f}' | '\u{93c}' | '\u{94d}' | '\u{9bc}' | '\u{9cd}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200c}' | '\u{200d}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Splits `text[start..end]` into tokens and appends them. `start` and `end` must be `char`
/// boundaries; what lies past `end` is not looked at.
pub(super) fn tokenize(text: &str, start: usize, end: usize, tokens: &mut Vec<Span>) {
    let Some(part) = text.get(..end) else { return };
    let bytes = part.as_bytes();
    let mut scanner = Scanner {
        text: part,
        chunk_end: start,
        at_sign: false,
        colon: false,
        mail_checked: 0,
        host_checked: 0,
        tokens,
    };
    let mut at = start;
    while at < end {
        // The ordinary word first: a run of ASCII letters between ASCII spaces.
        let mut stop = at;
        while stop < end && bytes[stop].is_ascii_alphabetic() {
            stop += 1;
        }
        if stop > at && (stop == end || bytes[stop] <= b' ') {
            scanner.plain(at, stop);
            at = stop + 1;
            continue;
        }
        let Some(c) = scanner.peek(at) else { break };
        if is_space(c) {
            at += c.len_utf8();
            continue;
        }
        stop = scanner.find_chunk_end(stop.max(at));
        scanner.chunk(at, stop);
        at = stop;
    }
}

struct Scanner<'a, 'b> {
    /// The text, cut off at the end of the stretch.
    text: &'a str,
    /// End of the run of non-space that is being split.
    chunk_end: usize,
    /// Whether the chunk holds `@`.
    at_sign: bool,
    /// Whether the chunk holds `:`.
    colon: bool,
    /// No e-mail address starts before this offset.
    mail_checked: usize,
    /// No host or file name starts before this offset.
    host_checked: usize,
    tokens: &'b mut Vec<Span>,
}

impl Scanner<'_, '_> {
    /// The character at an offset; `None` at the end of the stretch.
    fn peek(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at)?;
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        self.text.get(at..)?.chars().next()
    }

    /// The same, inside the chunk.
    fn char(&self, at: usize) -> Option<char> {
        if at < self.chunk_end {
            self.peek(at)
        } else {
            None
        }
    }

    /// The character before an offset.
    fn before(&self, at: usize) -> Option<char> {
        let byte = *self.text.as_bytes().get(at.checked_sub(1)?)?;
        if byte.is_ascii() {
            return Some(char::from(byte));
        }
        self.text.get(..at)?.chars().next_back()
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn push(&mut self, start: usize, end: usize) {
        let mut start = start;
        while end - start > MAX_TOKEN {
            let mut cut = start + MAX_TOKEN;
            while !self.text.is_char_boundary(cut) {
                cut -= 1;
            }
            self.tokens.push(Span::new(start as u32, cut as u32));
            start = cut;
        }
        if start < end {
            self.tokens.push(Span::new(start as u32, end as u32));
        }
    }

    fn find_chunk_end(&mut self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        self.at_sign = false;
        self.colon = false;
        let mut at = from;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii() {
                if byte <= b' ' || byte == 0x7f {
                    break;
                }
                self.at_sign |= byte == b'@';
                self.colon |= byte == b':';
                at += 1;
                continue;
            }
            let Some(c) = self.peek(at) else { break };
            if is_space(c) {
                break;
            }
            at += c.len_utf8();
        }
        self.chunk_end = at;
        at
    }

    /// A word of ASCII letters only.
    fn plain(&mut self, start: usize, end: usize) {
        let split = if (2..=8).contains(&(end - start)) {
            contraction(self.slice(start, end))
        } else {
            0
        };
        self.push(start, start + split);
        self.push(start + split, end);
    }

    fn chunk(&mut self, start: usize, end: usize) {
        self.mail_checked = start;
        self.host_checked = start;
        let mut at = start;
        while let Some(c) = self.char(at) {
            let next = if is_word(c) {
                self.word(at, at)
            } else {
                self.symbol(at, c, start)
            };
            debug_assert!(at < next && next <= end);
            at = next.max(at + 1);
        }
    }

    /// The end of the run of characters from `at` that are all in `set`.
    fn run(&self, at: usize, set: &[char]) -> usize {
        let mut end = at;
        while let Some(c) = self.char(end) {
            if !set.contains(&c) {
                break;
            }
            end += c.len_utf8();
        }
        end
    }

    /// The end of the run of letters and digits from `at`.
    fn word_run(&self, at: usize) -> usize {
        let mut end = at;
        while let Some(c) = self.char(end) {
            if !is_word(c) {
                break;
            }
            end += c.len_utf8();
        }
        end
    }

    /// The end of the run of at most `most` letters and digits from `at`, and whether the run
    /// ends there.
    fn short_run(&self, at: usize, most: usize) -> (usize, bool) {
        let mut end = at;
        let mut n_chars = 0;
        while let Some(c) = self.char(end) {
            if !is_word(c) {
                return (end, true);
            }
            if n_chars == most {
                return (end, false);
            }
            n_chars += 1;
            end += c.len_utf8();
        }
        (end, true)
    }

    /// One token that starts with something other than a letter or a digit. Returns its end.
    fn symbol(&mut self, at: usize, c: char, chunk_start: usize) -> usize {
        let one = at + c.len_utf8();
        let end = match c {
            '.' | '!' | '?' | '…' => {
                if c == '.'
                    && self.char(one).is_some_and(|next| next.is_ascii_digit())
                    && !self.before(at).is_some_and(is_word)
                {
                    return self.word(at, one);
                }
                self.run(at, &['.', '!', '?', '…'])
            }
            '-' => {
                if let Some(bracket) = self.text.as_bytes().get(at..at + 5)
                    && [b"-LRB-", b"-RRB-", b"-LSB-", b"-RSB-", b"-LCB-", b"-RCB-"]
                        .iter()
                        .any(|name| name.as_slice() == bracket)
                    && at + 5 <= self.chunk_end
                {
                    at + 5
                } else {
                    let end = self.run(at, &['-']);
                    if self.char(end) == Some('>') {
                        end + 1
                    } else {
                        end
                    }
                }
            }
            '\'' | '’' | 'ʼ' | '‘' | '`' => return self.quote(at, c, one),
            '"' | '“' | '”' | '„' | '«' | '»' => one,
            '*' | '=' | '_' | '~' | '+' | '|' | '<' | '>' | '^' | ':' | ';' | '(' => {
                let rest_end = self.chunk_end;
                if rest_end - at <= 3
                    && (at == chunk_start || c != '(')
                    && t::EMOTICONS.contains(&self.slice(at, rest_end))
                {
                    rest_end
                } else if matches!(c, ':' | ';' | '(') {
                    one
                } else if c == '+' && self.char(one).is_some_and(|next| next.is_ascii_digit()) {
                    if at == chunk_start {
                        return self.word(at, one);
                    }
                    one
                } else {
                    self.run(at, &[c])
                }
            }
            '[' => {
                let bytes = self.text.as_bytes();
                if bytes.get(at..at + 5) == Some(b"[...]")
                    || bytes.get(at..at + 5) == Some("[…]".as_bytes())
                {
                    (at + 5).min(self.chunk_end)
                } else {
                    one
                }
            }
            '#' | '@' | '$' => {
                if self
                    .char(one)
                    .is_some_and(|next| next.is_alphabetic() || next == '_')
                    && !self.before(at).is_some_and(is_word)
                {
                    let mut end = one;
                    while let Some(next) = self.char(end) {
                        if !(is_word(next) || next == '_') {
                            break;
                        }
                        end += next.len_utf8();
                    }
                    end
                } else if c != '@' {
                    self.run(at, &[c])
                } else {
                    one
                }
            }
            _ => self.emoji(at, c),
        };
        self.push(at, end);
        end
    }

    /// The end of a symbol with the modifiers that belong to it: skin tones, joined emoji, flags.
    fn emoji(&self, at: usize, c: char) -> usize {
        let mut end = at + c.len_utf8();
        let is_flag = |c: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
        if is_flag(c) && self.char(end).is_some_and(is_flag) {
            return end + 4;
        }
        while let Some(next) = self.char(end) {
            if !is_joiner(next) {
                break;
            }
            end += next.len_utf8();
            if next == '\u{200d}'
                && let Some(joined) = self.char(end)
                && !joined.is_alphanumeric()
            {
                end += joined.len_utf8();
            }
        }
        end
    }

    /// A token that starts with a single quotation mark: a clitic that lost its word, a clipped
    /// word, a doubled mark, or the mark itself.
    fn quote(&mut self, at: usize, c: char, one: usize) -> usize {
        let mut end = one;
        if self.char(one) == Some(c) {
            end = one + c.len_utf8();
        } else if c != '`' && !(c == '‘' && self.before(at).is_some_and(is_word)) {
            let (stop, whole) = self.short_run(one, 5);
            let rest = self.slice(one, stop);
            if whole && !rest.is_empty() {
                let digits = rest.strip_suffix('s').unwrap_or(rest);
                let year = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
                if (is_apostrophe(c) && is_clitic(rest))
                    || t::has(t::APOSTROPHE_WORDS, rest) && self.char(stop) != Some(c)
                    || year
                {
                    end = stop;
                }
            }
        }
        self.push(at, end);
        end
    }

    /// One or more tokens that start at `start` with a word whose letters and digits begin at
    /// `from` (`from > start` after a sign or a decimal point). Returns the end of the last.
    fn word(&mut self, start: usize, from: usize) -> usize {
        if start == from
            && let Some(end) = self.address(start)
        {
            self.push(start, end);
            return end;
        }
        let mut at = from;
        // Start of the piece after the last inner period, and what the word consists of so far.
        let mut piece = from;
        let mut numeric = true;
        let mut letters = true;
        let mut initials = false;
        while let Some(c) = self.char(at) {
            let one = at + c.len_utf8();
            if is_word(c) {
                let digit = c.is_ascii_digit();
                if numeric && !digit && at > from {
                    // "12bn", "7pm": the unit is a token of its own.
                    let (stop, whole) = self.short_run(at, 8);
                    if whole && t::has(t::UNITS, self.slice(at, stop)) {
                        self.push(start, at);
                        return at;
                    }
                }
                numeric &= digit;
                letters &= c.is_ascii_alphabetic();
                at = one;
                continue;
            }
            let Some(next) = self.char(one).filter(|next| is_word(*next)) else {
                let keeps = match c {
                    '.' => self.keeps_period(start, piece, at, initials),
                    '$' => is_dollar_country(self.slice(start, at)),
                    '/' => self.slice(start, at).eq_ignore_ascii_case("w"),
                    _ => false,
                };
                if keeps {
                    letters = false;
                    at = one;
                }
                break;
            };
            let previous_digit = self.before(at).is_some_and(|c| c.is_ascii_digit());
            let between_digits = previous_digit && next.is_ascii_digit();
            let joins = if is_apostrophe(c) {
                let (stop, whole) = self.short_run(one, 2);
                let suffix = self.slice(one, stop);
                if whole && suffix.eq_ignore_ascii_case("t") {
                    let split = at - 1;
                    if matches!(self.text.as_bytes().get(split), Some(b'n' | b'N')) {
                        self.push(start, split.max(start));
                        self.push(split.max(start), stop);
                        return stop;
                    }
                }
                let decade = numeric
                    && suffix == "s"
                    && matches!(at - start, 2 | 4)
                    && self.text.as_bytes().get(at - 1) == Some(&b'0');
                if whole && is_clitic(suffix) && !decade {
                    self.push(start, at);
                    self.push(at, stop);
                    return stop;
                }
                decade || !previous_digit
            } else {
                match c {
                    '_' => true,
                    '.' => {
                        if between_digits {
                            true
                        } else if let Some(end) = self.host(start) {
                            self.push(start, end);
                            return end;
                        } else {
                            let stop = self.word_run(one);
                            let after = self.slice(one, stop);
                            let single = self.slice(piece, at).chars().count() == 1
                                && self.before(at).is_some_and(char::is_alphabetic);
                            let degree = matches!(self.slice(piece, at), "Ph" | "Ed" | "Lt" | "M")
                                && matches!(after, "D" | "Sc" | "Col" | "Phil" | "Ed");
                            if degree || single && !looks_like_word(after) {
                                initials = true;
                                piece = one;
                                true
                            } else if single && self.before(at).is_some_and(char::is_uppercase) {
                                // "J.Smith": the initial, then the name.
                                self.push(start, one);
                                return one;
                            } else if piece == start
                                && t::has(t::ABBREVIATIONS, self.slice(start, at))
                                && self.char(start).is_some_and(char::is_uppercase)
                                && !next.is_lowercase()
                            {
                                // "Jan.16", "Mr.Smith".
                                self.push(start, one);
                                return one;
                            } else {
                                false
                            }
                        }
                    }
                    ',' | ':' => between_digits,
                    '/' => {
                        between_digits && self.before(at).is_some()
                            || at - start <= 2
                                && t::has(t::SLASHED, self.slice(start, self.word_run(one)))
                    }
                    '&' => {
                        let (_, whole) = self.short_run(one, 4);
                        whole && at - start <= 4 && !previous_digit && next.is_alphabetic()
                    }
                    '*' => letters && next.is_alphabetic(),
                    '$' if is_dollar_country(self.slice(start, at)) => {
                        self.push(start, one);
                        return one;
                    }
                    '(' => {
                        let plural = self.text.as_bytes().get(at..at + 3) == Some(b"(s)");
                        if plural && self.chunk_end >= at + 3 {
                            self.push(start, at + 3);
                            return at + 3;
                        }
                        false
                    }
                    c if is_hyphen(c) => {
                        if numeric && next.is_ascii_digit() {
                            if let Some(end) = self.dashed_number(start, at) {
                                self.push(start, end);
                                return end;
                            }
                            false
                        } else {
                            self.keeps_hyphen(start, at, one)
                        }
                    }
                    _ => false,
                }
            };
            if !joins {
                break;
            }
            letters = false;
            numeric &= between_digits;
            at = one;
        }
        if letters && start == from {
            self.plain(start, at);
        } else {
            self.push(start, at);
        }
        at
    }

    /// Whether the hyphen at `at` stays inside the word that began at `start`.
    fn keeps_hyphen(&self, start: usize, at: usize, one: usize) -> bool {
        let prefix = self.slice(start, at);
        if t::has(t::PREFIXES, prefix) {
            return true;
        }
        let (stop, whole) = self.short_run(one, 5);
        let rest = self.slice(one, stop);
        whole && (t::has(t::SUFFIXES, rest) || rest == "19" && prefix.eq_ignore_ascii_case("covid"))
    }

    /// The end of a telephone number or a date written with hyphens; `None` for a range.
    fn dashed_number(&self, start: usize, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut n_groups = 1;
        let mut end = at;
        let mut last = 0;
        while end < self.chunk_end && bytes[end] == b'-' {
            let first = end + 1;
            let mut stop = first;
            while stop < self.chunk_end && bytes[stop].is_ascii_digit() {
                stop += 1;
            }
            if stop == first {
                break;
            }
            last = stop - first;
            end = stop;
            n_groups += 1;
            if n_groups > 6 {
                return None;
            }
        }
        if self.char(end).is_some_and(is_word) {
            return None;
        }
        (n_groups > 2 || n_groups == 2 && at - start == 3 && last == 4).then_some(end)
    }

    /// Whether the period at `at`, with no letter after it, belongs to the word before it.
    fn keeps_period(&self, start: usize, piece: usize, at: usize, initials: bool) -> bool {
        if matches!(self.char(at + 1), Some('.' | '…')) {
            return false;
        }
        let word = self.slice(start, at);
        if initials && at - piece <= 4 {
            return true;
        }
        let mut chars = word.chars();
        let Some(first) = chars.next() else {
            return false;
        };
        let upper = first.is_uppercase();
        let (next, spaced) = self.after_period(at + 1);
        let next_digit = next.is_some_and(|c| c.is_ascii_digit());
        if chars.next().is_none() {
            let clipped = self.before(start).is_some_and(is_apostrophe);
            if upper {
                return first != 'I' && !clipped && next.is_some()
                    || first == 'I' && next.is_some_and(char::is_uppercase);
            }
            return t::has(t::NUMBER_ABBREVIATIONS, word) && next_digit && spaced
                || word == "v" && next.is_some()
                || matches!(word, "b" | "c" | "d" | "m" | "r")
                    && self.before(start) == Some('(')
                    && next.is_some_and(char::is_alphanumeric);
        }
        if first.is_ascii_digit() {
            return false;
        }
        let goes_on = next.is_some_and(|c| c.is_lowercase() || matches!(c, ',' | ';' | ')' | ']'));
        t::has(t::ABBREVIATIONS, word)
            || t::has(t::NUMBER_ABBREVIATIONS, word) && next_digit && spaced
            || upper
                && t::has(t::CAPITAL_ABBREVIATIONS, word)
                && (goes_on
                    || next_digit
                    || next.is_some() && t::has(t::FIRM_CAPITAL_ABBREVIATIONS, word))
            || !upper && t::has(t::SOFT_ABBREVIATIONS, word) && (goes_on || next_digit)
    }

    /// The next character that is no space, not far behind a period, and whether a space came
    /// before it.
    fn after_period(&self, at: usize) -> (Option<char>, bool) {
        let mut at = at;
        for n_spaces in 0..4 {
            match self.peek(at) {
                Some(c) if is_space(c) => at += c.len_utf8(),
                other => return (other, n_spaces > 0),
            }
        }
        (None, true)
    }

    /// The end of a web or e-mail address that starts at `start`.
    fn address(&mut self, start: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[start..self.chunk_end];
        let starts = |prefix: &str| {
            bytes
                .get(..prefix.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        if bytes.len() > 4
            && (starts("www.")
                || self.colon
                    && (starts("http://")
                        || starts("https://")
                        || starts("ftp://")
                        || starts("mailto:")))
        {
            return Some(self.trim_address(start, self.address_run(start)));
        }
        if self.at_sign && start >= self.mail_checked {
            let mut at = start;
            while let Some(c) = self.char(at) {
                if !(is_word(c) || matches!(c, '.' | '_' | '%' | '+' | '-')) {
                    break;
                }
                at += c.len_utf8();
            }
            self.mail_checked = at;
            if self.char(at) == Some('@') && self.char(at + 1).is_some_and(is_word) {
                let mut end = at + 1;
                while let Some(c) = self.char(end) {
                    if !(is_word(c) || matches!(c, '.' | '_' | '-')) {
                        break;
                    }
                    end += c.len_utf8();
                }
                return Some(self.trim_address(start, end));
            }
        }
        None
    }

    /// The end of a run of characters that an address may hold.
    fn address_run(&self, start: usize) -> usize {
        let mut end = start;
        while let Some(c) = self.char(end) {
            if matches!(c, '<' | '>' | '"' | '“' | '”' | '«' | '»' | '’' | '…') {
                break;
            }
            end += c.len_utf8();
        }
        end
    }

    /// `end` without the punctuation that closes the sentence around an address.
    fn trim_address(&self, start: usize, end: usize) -> usize {
        let mut end = end;
        let bytes = self.text.as_bytes();
        let open = bytes[start..end].contains(&b'(');
        while end > start + 1
            && (matches!(
                bytes[end - 1],
                b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b']' | b'-'
            ) || bytes[end - 1] == b')' && !open)
        {
            end -= 1;
        }
        end
    }

    /// The end of a host name with its path, or of a file name, that starts at `start`.
    fn host(&mut self, start: usize) -> Option<usize> {
        if start < self.host_checked {
            return None;
        }
        let mut at = start;
        let mut last_dot = start;
        while let Some(c) = self.char(at) {
            if c == '.' && self.char(at + 1).is_some_and(is_word) {
                last_dot = at;
            } else if !(is_word(c) || matches!(c, '-' | '_')) {
                break;
            }
            at += c.len_utf8();
        }
        self.host_checked = at;
        let label = self.slice(last_dot + 1, at);
        let one_case = label.bytes().all(|byte| byte.is_ascii_lowercase())
            || label.bytes().all(|byte| byte.is_ascii_uppercase());
        if last_dot == start || !one_case {
            return None;
        }
        if t::has(t::DOMAINS, label) {
            if self.char(at) == Some('/') {
                return Some(self.trim_address(start, self.address_run(at)));
            }
            return Some(at);
        }
        t::has(t::EXTENSIONS, label).then_some(at)
    }
}

/// Whether these letters after an apostrophe are a token with it.
fn is_clitic(letters: &str) -> bool {
    matches!(
        letters,
        "s" | "S" | "m" | "M" | "d" | "D" | "re" | "RE" | "ve" | "VE" | "ll" | "LL"
    )
}

/// Two letters or more, not all capitals: a word rather than a piece of an acronym.
fn looks_like_word(piece: &str) -> bool {
    piece.len() > 1 && piece.chars().any(char::is_lowercase)
}

/// Whether a dollar sign after these letters makes one token with them.
fn is_dollar_country(letters: &str) -> bool {
    matches!(
        letters,
        "US" | "U" | "A" | "AU" | "C" | "CA" | "HK" | "NZ" | "NT" | "S" | "R"
    )
}

/// Length of the first of two tokens that `word` consists of; 0 for one token.
fn contraction(word: &str) -> usize {
    let last = word.as_bytes().last();
    if !matches!(
        last,
        Some(b't' | b'T' | b'a' | b'A' | b'e' | b'E' | b's' | b'S' | b'm')
    ) {
        return 0;
    }
    let mut buffer = [0; 16];
    let Some(lowered) = t::lower(word, &mut buffer) else {
        return 0;
    };
    let find = |list: &[(&str, usize)]| {
        list.binary_search_by(|(entry, _)| (*entry).cmp(lowered))
            .map_or(0, |idx| list[idx].1)
    };
    let split = find(t::CONTRACTIONS);
    if split == 0 && word == lowered {
        return find(t::LOWER_CONTRACTIONS);
    }
    split
}
