//! Bytes to text.

use tieline_text::{Document, Note, NoteKind, Span};

use crate::IngestErrorKind;

/// Most bytes that a decoded text may have, so that `u32` offsets reach all of them.
const MAX_TEXT: usize = u32::MAX as usize;

/// What the bytes of some formats begin with. The last field is a byte that must also occur
/// among the first 64 where the beginning alone could be text.
const SIGNATURES: &[(&[u8], &str, Option<u8>)] = &[
    (b"%PDF-", "PDF", None),
    (b"\x89PNG", "PNG", None),
    (b"\xff\xd8\xff", "JPEG", None),
    (b"GIF87a", "GIF", None),
    (b"GIF89a", "GIF", None),
    (b"PK\x03\x04", "ZIP", None),
    (b"PK\x05\x06", "ZIP", None),
    (b"\x1f\x8b", "gzip", None),
    (b"BZh", "bzip2", Some(0x26)),
    (b"\xfd7zXZ\0", "xz", None),
    (b"7z\xbc\xaf", "7-Zip", None),
    (b"\x28\xb5\x2f\xfd", "Zstandard", None),
    (b"Rar!\x1a", "RAR", None),
    (b"\x7fELF", "ELF", None),
    (b"MZ", "Windows program", Some(0)),
    (b"\xca\xfe\xba\xbe", "Java class", None),
    (b"\xcf\xfa\xed\xfe", "Mach-O", None),
    (b"\0asm", "WebAssembly", None),
    (b"\xd0\xcf\x11\xe0", "old Office file", None),
    (b"SQLite format 3\0", "SQLite", None),
    (b"RIFF", "RIFF", Some(0)),
    (b"OggS", "Ogg", Some(0)),
    (b"ID3", "MP3", Some(0)),
];

/// Turns the bytes of a plain text into a document.
///
/// UTF-8, with or without a byte order mark, UTF-16 with one, and Windows-1252 where the bytes
/// look like it. A byte order mark is no part of the text: offsets count from behind it. Line
/// ends stay as they are. Control characters become spaces of the same length in UTF-8, bytes
/// that cannot be decoded become U+FFFD; both leave a note, and so does an empty text.
///
/// # Errors
/// [`Binary`](IngestErrorKind::Binary) and [`Encoding`](IngestErrorKind::Encoding) when there is
/// too much of that, [`TooLarge`](IngestErrorKind::TooLarge) when the text is longer than 4 GiB.
pub fn decode(uri: &str, bytes: Vec<u8>) -> Result<Document, IngestErrorKind> {
    let mut notes = Vec::new();
    let text = to_text(bytes, &mut notes)?;
    if text.len() > MAX_TEXT {
        return Err(IngestErrorKind::TooLarge {
            limit: MAX_TEXT as u64,
        });
    }
    let text = without_controls(text, &mut notes)?;
    if text.chars().all(char::is_whitespace) {
        notes.push(Note::new(NoteKind::Empty, "the document holds no text"));
    }
    Ok(Document {
        notes,
        ..Document::from_text(uri, text)
    })
}

fn to_text(mut bytes: Vec<u8>, notes: &mut Vec<Note>) -> Result<String, IngestErrorKind> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    } else if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return from_utf16(rest, u16::from_le_bytes, notes);
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return from_utf16(rest, u16::from_be_bytes, notes);
    }
    if let Some(format) = signature(&bytes) {
        return Err(IngestErrorKind::Binary {
            format: Some(format),
        });
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error.into_bytes(),
    };
    let counts = Counts::of(&bytes);
    if counts.is_binary(bytes.len()) {
        return Err(IngestErrorKind::Binary { format: None });
    }
    if counts.looks_like_windows_1252() {
        notes.push(Note::new(
            NoteKind::Encoding,
            "not valid UTF-8, read as Windows-1252",
        ));
        return Ok(bytes.iter().map(|byte| windows_1252(*byte)).collect());
    }
    if counts.n_invalid >= 16 && counts.n_invalid > bytes.len() / 10 {
        return Err(IngestErrorKind::Encoding);
    }
    let first = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
    notes.push(Note::at(
        NoteKind::Encoding,
        span(first, first + '\u{fffd}'.len_utf8()),
        format!(
            "bytes that are not valid UTF-8 replaced: {}, the first at byte {first}",
            counts.n_invalid
        ),
    ));
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn signature(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..64).unwrap_or(bytes);
    SIGNATURES
        .iter()
        .find(|(start, _, also)| {
            head.starts_with(start) && also.is_none_or(|byte| head.contains(&byte))
        })
        .map(|(_, format, _)| *format)
}

/// What the bytes of a text that is not valid UTF-8 consist of.
#[derive(Debug, Default)]
struct Counts {
    /// Bytes above 0x7f.
    n_high: usize,
    /// Bytes that belong to no character of UTF-8.
    n_invalid: usize,
    /// Control characters other than white space.
    n_controls: usize,
    /// Bytes that Windows-1252 does not define.
    n_undefined: usize,
    /// All bytes.
    n_bytes: usize,
}

impl Counts {
    fn of(bytes: &[u8]) -> Counts {
        let mut counts = Counts {
            n_bytes: bytes.len(),
            ..Counts::default()
        };
        for chunk in bytes.utf8_chunks() {
            counts.n_invalid += chunk.invalid().len();
        }
        for byte in bytes {
            counts.n_high += usize::from(*byte >= 0x80);
            counts.n_controls += usize::from(is_control(*byte));
            counts.n_undefined += usize::from(windows_1252(*byte) == '\u{fffd}');
        }
        counts
    }

    /// Many controls: a binary file has them everywhere.
    fn is_binary(&self, n_bytes: usize) -> bool {
        many_controls(self.n_controls, n_bytes)
    }

    /// Few bytes above ASCII, all of them defined, and most of them no UTF-8.
    fn looks_like_windows_1252(&self) -> bool {
        self.n_undefined == 0
            && self.n_high * 10 <= self.n_bytes * 3
            && self.n_invalid * 2 > self.n_high
    }
}

fn many_controls(n_controls: usize, n_bytes: usize) -> bool {
    n_controls >= 8 && n_controls > n_bytes / 50
}

/// ASCII control characters that no text should hold.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0xe..=0x1f | 0x7f)
}

fn from_utf16(
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
    notes: &mut Vec<Note>,
) -> Result<String, IngestErrorKind> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text = String::with_capacity(bytes.len());
    let mut n_lone = usize::from(!rest.is_empty());
    for c in char::decode_utf16(units) {
        n_lone += usize::from(c.is_err());
        text.push(c.unwrap_or('\u{fffd}'));
    }
    if n_lone >= 8 && n_lone > pairs.len() / 50 {
        return Err(IngestErrorKind::Encoding);
    }
    let replaced = if n_lone == 0 {
        String::new()
    } else {
        format!(", broken characters replaced: {n_lone}")
    };
    notes.push(Note::new(
        NoteKind::Encoding,
        format!("read as UTF-16{replaced}"),
    ));
    Ok(text)
}

/// Replaces control characters by as many spaces as they have bytes.
fn without_controls(text: String, notes: &mut Vec<Note>) -> Result<String, IngestErrorKind> {
    // The controls of Latin-1 are the bytes c2 80 to c2 9f in UTF-8; c2 85 is a line end.
    let is_latin_control =
        |first: u8, second: u8| first == 0xc2 && matches!(second, 0x80..=0x84 | 0x86..=0x9f);
    let mut n_ascii = 0;
    let mut n_latin = 0;
    let mut first = None;
    let mut previous = 0;
    for (at, byte) in text.bytes().enumerate() {
        if is_control(byte) {
            n_ascii += 1;
            first.get_or_insert((at, 1));
        } else if is_latin_control(previous, byte) {
            n_latin += 1;
            first.get_or_insert((at - 1, 2));
        }
        previous = byte;
    }
    let Some((at, n_bytes)) = first else {
        return Ok(text);
    };
    if many_controls(n_ascii, text.len()) {
        return Err(IngestErrorKind::Binary { format: None });
    }
    let mut bytes = text.into_bytes();
    for at in 0..bytes.len() {
        if is_control(bytes[at]) {
            bytes[at] = b' ';
        } else if at > 0 && is_latin_control(bytes[at - 1], bytes[at]) {
            bytes[at - 1] = b' ';
            bytes[at] = b' ';
        }
    }
    notes.push(Note::at(
        NoteKind::Control,
        span(at, at + n_bytes),
        format!(
            "control characters replaced by spaces: {}, the first at byte {at}",
            n_ascii + n_latin
        ),
    ));
    // Whole characters were replaced by ASCII, so this is valid; were it not, the loss is visible.
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn span(start: usize, end: usize) -> Span {
    let clip = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(clip(start), clip(end))
}

/// The character of a byte in Windows-1252, as the WHATWG Encoding Standard lists them; U+FFFD
/// for the five bytes that have none.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž',
        '\u{fffd}', '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ',
        '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(document: &Document) -> Vec<NoteKind> {
        document.notes.iter().map(|note| note.kind).collect()
    }

    #[test]
    fn readable_bytes() {
        use NoteKind::{Control, Empty, Encoding};
        // name, bytes, text, notes
        let cases: [(&str, &[u8], &str, &[NoteKind]); 18] = [
            ("plain", b"Envoys met.\n", "Envoys met.\n", &[]),
            ("UTF-8", "Kyïv — 🙂".as_bytes(), "Kyïv — 🙂", &[]),
            ("byte order mark", b"\xef\xbb\xbfEnvoys", "Envoys", &[]),
            ("CRLF stays", b"a\r\nb\rc", "a\r\nb\rc", &[]),
            ("empty", b"", "", &[Empty]),
            ("white space", b" \r\n\t", " \r\n\t", &[Empty]),
            ("only a byte order mark", b"\xef\xbb\xbf", "", &[Empty]),
            (
                "UTF-16 little",
                b"\xff\xfeK\0y\0\xef\0v\0",
                "Kyïv",
                &[Encoding],
            ),
            (
                "UTF-16 big",
                b"\xfe\xff\0K\0y\0\xef\0v",
                "Kyïv",
                &[Encoding],
            ),
            (
                "UTF-16 pair",
                b"\xff\xfe\x3d\xd8\x42\xde",
                "🙂",
                &[Encoding],
            ),
            ("UTF-16 odd", b"\xff\xfeK\0y", "K", &[Encoding]),
            (
                "Windows-1252",
                b"\x93Caf\xe9\x94, he said \x97 twice",
                "“Café”, he said — twice",
                &[Encoding],
            ),
            ("euro", b"It cost \x80100", "It cost €100", &[Encoding]),
            (
                "one bad byte in UTF-8",
                b"Ky\xc3\xafv \xe2\x80\x94 Ky\xc3\xafv \xff.",
                "Kyïv — Kyïv \u{fffd}.",
                &[Encoding],
            ),
            (
                "cut UTF-8",
                b"Ky\xc3\xafv \xe2\x80",
                "Kyïv \u{fffd}",
                &[Encoding],
            ),
            ("NUL", b"Envoys\0met", "Envoys met", &[Control]),
            (
                "escape and delete",
                b"a\x1b[1mb\x7fc",
                "a [1mb c",
                &[Control],
            ),
            (
                "Latin-1 control keeps offsets",
                b"a\xc2\x9db\xc2\x85c",
                "a  b\u{85}c",
                &[Control],
            ),
        ];
        for (name, bytes, text, notes) in cases {
            let document = decode("a.txt", bytes.to_vec());
            let document = document.unwrap_or_else(|kind| panic!("{name}: {kind}"));
            assert_eq!(document.text, text, "{name}");
            assert_eq!(kinds(&document), notes, "{name}");
            assert_eq!(document.uri, "a.txt");
            for note in &document.notes {
                assert!(
                    note.span.is_none_or(|span| span.slice(text).is_some()),
                    "{name}: {note:?}"
                );
            }
        }
    }

    #[test]
    fn unreadable_bytes() {
        let all: Vec<u8> = (0..=255).cycle().take(4096).collect();
        let koi8: Vec<u8> = b"\xf0\xd2\xc5\xda\xc9\xc4\xc5\xce\xd4 ".repeat(20);
        let half: Vec<u8> = "Envoys met. "
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        // name, bytes, message
        let cases: [(&str, &[u8], &str); 8] = [
            ("PDF", b"%PDF-1.7 and so on", "looks binary (PDF)"),
            ("PNG", b"\x89PNG\r\n\x1a\n", "looks binary (PNG)"),
            ("ZIP", b"PK\x03\x04", "looks binary (ZIP)"),
            ("program", b"MZ\x90\0\x03", "looks binary (Windows program)"),
            ("every byte", &all, "looks binary"),
            ("zeros", &[0; 100], "looks binary"),
            ("UTF-16 without a mark", &half, "looks binary"),
            (
                "Cyrillic in one byte",
                &koi8,
                "is in no known encoding, expected UTF-8",
            ),
        ];
        for (name, bytes, message) in cases {
            match decode("a.txt", bytes.to_vec()) {
                Ok(document) => panic!("{name}: read as {:?}", document.text),
                Err(kind) => assert_eq!(kind.to_string(), message, "{name}"),
            }
        }
    }

    #[test]
    fn text_that_begins_like_a_format() {
        for text in [
            "MZ is a code.",
            "RIFF of the week",
            "BZh? Nobody knew.",
            "ID3 tags",
        ] {
            assert_eq!(
                decode("a", text.into()).map(|d| d.text).ok().as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn any_two_bytes_are_text_or_an_error() {
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                for around in [&b""[..], b"Envoys met in Vienna on Monday"] {
                    let bytes = [around, &[first, second], around].concat();
                    if let Ok(document) = decode("a", bytes) {
                        assert!(!document.text.bytes().any(is_control));
                    }
                }
            }
        }
    }
}
