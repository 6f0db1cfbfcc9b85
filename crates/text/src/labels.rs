//! Closed label sets: universal parts of speech, Penn tags, dependency relations, name classes.

use std::error::Error;
use std::fmt;

/// A string that is no label of the set it was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLabel {
    /// Name of the label set.
    pub set: &'static str,
    /// The string as found.
    pub found: String,
}

impl fmt::Display for UnknownLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no {}", self.found, self.set)
    }
}

impl Error for UnknownLabel {}

macro_rules! labels {
    ($(#[$meta:meta])* $name:ident, $set:literal, default $default:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)] // each variant is the label it is named after
        pub enum $name { $($variant,)* }

        impl $name {
            /// All labels, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The label as its scheme spells it.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The label with this number, as given by `label as u8`.
            pub fn from_index(index: u8) -> Option<$name> {
                $name::ALL.get(usize::from(index)).copied()
            }
        }

        impl Default for $name {
            fn default() -> $name { $name::$default }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownLabel;
            fn from_str(text: &str) -> Result<$name, UnknownLabel> {
                match text {
                    $($text => Ok($name::$variant),)*
                    _ => Err(UnknownLabel { set: $set, found: text.to_owned() }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.pad(self.as_str()) }
        }
    };
}

labels! {
    /// Universal part-of-speech tags of Universal Dependencies, version 2.
    Upos, "universal part of speech", default X {
        Adj = "ADJ", Adp = "ADP", Adv = "ADV", Aux = "AUX", Cconj = "CCONJ", Det = "DET",
        Intj = "INTJ", Noun = "NOUN", Num = "NUM", Part = "PART", Pron = "PRON", Propn = "PROPN",
        Punct = "PUNCT", Sconj = "SCONJ", Sym = "SYM", Verb = "VERB", X = "X",
    }
}

labels! {
    /// Penn Treebank tags as the English Web Treebank uses them.
    Xpos, "Penn tag", default Fw {
        Comma = ",", Period = ".", Colon = ":", OpenQuote = "``", CloseQuote = "''",
        Lrb = "-LRB-", Rrb = "-RRB-", Dollar = "$", Hyph = "HYPH", Nfp = "NFP", Sym = "SYM",
        Add = "ADD", Afx = "AFX", Cc = "CC", Cd = "CD", Dt = "DT", Ex = "EX", Fw = "FW",
        Gw = "GW", In = "IN", Jj = "JJ", Jjr = "JJR", Jjs = "JJS", Ls = "LS", Md = "MD",
        Nn = "NN", Nns = "NNS", Nnp = "NNP", Nnps = "NNPS", Pdt = "PDT", Pos = "POS",
        Prp = "PRP", PrpPoss = "PRP$", Rb = "RB", Rbr = "RBR", Rbs = "RBS", Rp = "RP", To = "TO",
        Uh = "UH", Vb = "VB", Vbd = "VBD", Vbg = "VBG", Vbn = "VBN", Vbp = "VBP", Vbz = "VBZ",
        Wdt = "WDT", Wp = "WP", WpPoss = "WP$", Wrb = "WRB",
    }
}

labels! {
    /// Dependency relations of Universal Dependencies, version 2, with the subtypes that the
    /// English treebanks (EWT, GUM) use.
    DepRel, "dependency relation", default Dep {
        Acl = "acl", AclRelcl = "acl:relcl", Advcl = "advcl", AdvclRelcl = "advcl:relcl",
        Advmod = "advmod", Amod = "amod", Appos = "appos", Aux = "aux", AuxPass = "aux:pass",
        Case = "case", Cc = "cc", CcPreconj = "cc:preconj", Ccomp = "ccomp",
        Compound = "compound", CompoundPrt = "compound:prt", Conj = "conj", Cop = "cop",
        Csubj = "csubj", CsubjOuter = "csubj:outer", CsubjPass = "csubj:pass", Dep = "dep",
        Det = "det", DetPredet = "det:predet", Discourse = "discourse",
        Dislocated = "dislocated", Expl = "expl", Fixed = "fixed", Flat = "flat",
        Goeswith = "goeswith", Iobj = "iobj", List = "list", Mark = "mark", Nmod = "nmod",
        NmodDesc = "nmod:desc", NmodPoss = "nmod:poss", NmodUnmarked = "nmod:unmarked",
        Nsubj = "nsubj", NsubjOuter = "nsubj:outer", NsubjPass = "nsubj:pass",
        Nummod = "nummod", Obj = "obj", Obl = "obl", OblAgent = "obl:agent",
        OblUnmarked = "obl:unmarked", Orphan = "orphan", Parataxis = "parataxis",
        Punct = "punct", Reparandum = "reparandum", Root = "root", Vocative = "vocative",
        Xcomp = "xcomp",
    }
}

impl DepRel {
    /// The universal part, without the subtype: `nsubj:pass` gives `nsubj`.
    pub fn universal(self) -> &'static str {
        let whole = self.as_str();
        whole.split_once(':').map_or(whole, |(head, _)| head)
    }
}

labels! {
    /// Classes of names that the name tagger tells apart.
    ///
    /// `NORP` is the OntoNotes class of nationality, religious and political adjectives and
    /// nouns ("British", "Democrats"). `MISC` (works, events, laws) exists so that such names
    /// are not taken for one of the others.
    NameKind, "name class", default Misc {
        Person = "PER", Organisation = "ORG", Location = "LOC", Norp = "NORP", Misc = "MISC",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn labels_read_back() {
        macro_rules! check {
            ($set:ident) => {
                let texts: BTreeSet<_> = $set::ALL.iter().map(|label| label.as_str()).collect();
                assert_eq!(texts.len(), $set::ALL.len(), "two labels share a spelling");
                for (index, label) in $set::ALL.iter().enumerate() {
                    assert_eq!(label.as_str().parse::<$set>(), Ok(*label));
                    assert_eq!($set::from_index(index as u8), Some(*label));
                    assert_eq!(*label as usize, index);
                }
                assert!("no such label".parse::<$set>().is_err());
                assert_eq!($set::from_index(255), None);
            };
        }
        check!(Upos);
        check!(Xpos);
        check!(DepRel);
        check!(NameKind);
    }

    #[test]
    fn universal_part() {
        assert_eq!(DepRel::NsubjPass.universal(), "nsubj");
        assert_eq!(DepRel::Obj.universal(), "obj");
    }
}
