//! Model files: a header that knows its version, a payload that is checked before it is used.
//!
//! Layout of every model file, all little-endian: magic `TIELINE\0`, kind `[u8; 4]`, version
//! `u32`, payload length in bytes `u64`, payload. The payload is read with [`Reader`], which
//! checks every size before anything is allocated.

use std::error::Error;
use std::fmt;

/// First bytes of every model file.
pub const MAGIC: &[u8; 8] = b"TIELINE\0";

/// Why bytes are no usable model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelError {
    /// The magic is missing.
    NotAModel,
    /// A model, but of another kind.
    Kind {
        /// Kind in the file.
        found: [u8; 4],
        /// Kind that was asked for.
        expected: [u8; 4],
    },
    /// Written by a format version this program does not read.
    Version {
        /// Version in the file.
        found: u32,
        /// Newest version that is read.
        supported: u32,
    },
    /// The file ends early or has bytes left over.
    Length,
    /// A value is out of its range.
    Value {
        /// What the value is.
        what: &'static str,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelError::NotAModel => write!(f, "not a tieline model"),
            ModelError::Kind { found, expected } => write!(
                f,
                "a model of kind {:?}, expected {:?}",
                String::from_utf8_lossy(found),
                String::from_utf8_lossy(expected)
            ),
            ModelError::Version { found, supported } => {
                write!(
                    f,
                    "model format version {found}, this program reads {supported}"
                )
            }
            ModelError::Length => write!(f, "the model is cut short or has bytes left over"),
            ModelError::Value { what } => write!(f, "the model holds a bad value for {what}"),
        }
    }
}

impl Error for ModelError {}

/// Writes a model file.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Starts a file of this kind and version.
    pub fn new(kind: [u8; 4], version: u32) -> Writer {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(kind);
        bytes.extend(version.to_le_bytes());
        bytes.extend(0u64.to_le_bytes());
        Writer { bytes }
    }

    /// Appends one number.
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// Appends one number.
    pub fn u32(&mut self, value: u32) {
        self.bytes.extend(value.to_le_bytes());
    }

    /// Appends one number.
    pub fn f32(&mut self, value: f32) {
        self.bytes.extend(value.to_le_bytes());
    }

    /// Appends a length as `u32`, then the bytes.
    pub fn blob(&mut self, blob: &[u8]) {
        self.u32(blob.len() as u32);
        self.bytes.extend(blob);
    }

    /// Appends a string as a blob.
    pub fn str(&mut self, text: &str) {
        self.blob(text.as_bytes());
    }

    /// Writes the payload length into the header and returns the file.
    pub fn finish(mut self) -> Vec<u8> {
        let payload = (self.bytes.len() - HEADER) as u64;
        self.bytes[16..HEADER].copy_from_slice(&payload.to_le_bytes());
        self.bytes
    }
}

/// Bytes in front of the payload.
const HEADER: usize = 24;

/// Reads the payload of a model file front to back. Slices are borrowed, not copied.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Checks the header and returns a reader of the payload.
    pub fn new(bytes: &'a [u8], kind: [u8; 4], supported: u32) -> Result<Reader<'a>, ModelError> {
        let rest = bytes
            .strip_prefix(MAGIC.as_slice())
            .ok_or(ModelError::NotAModel)?;
        let mut reader = Reader { rest };
        let found: [u8; 4] = reader.array()?;
        if found != kind {
            return Err(ModelError::Kind {
                found,
                expected: kind,
            });
        }
        let version = reader.u32()?;
        if version != supported {
            return Err(ModelError::Version {
                found: version,
                supported,
            });
        }
        let payload = u64::from_le_bytes(reader.array()?);
        if payload != reader.rest.len() as u64 {
            return Err(ModelError::Length);
        }
        Ok(reader)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let (head, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(ModelError::Length)?;
        self.rest = rest;
        Ok(*head)
    }

    /// The next `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Result<&'a [u8], ModelError> {
        let (head, rest) = self.rest.split_at_checked(len).ok_or(ModelError::Length)?;
        self.rest = rest;
        Ok(head)
    }

    /// One number.
    pub fn u8(&mut self) -> Result<u8, ModelError> {
        self.array::<1>().map(|[value]| value)
    }

    /// One number.
    pub fn u32(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    /// One finite number.
    pub fn f32(&mut self) -> Result<f32, ModelError> {
        let value = self.array().map(f32::from_le_bytes)?;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(ModelError::Value { what: "a float" })
        }
    }

    /// A length as `u32`, then that many bytes.
    pub fn blob(&mut self) -> Result<&'a [u8], ModelError> {
        let len = self.u32()?;
        self.bytes(len as usize)
    }

    /// A blob that is UTF-8.
    pub fn str(&mut self) -> Result<&'a str, ModelError> {
        std::str::from_utf8(self.blob()?).map_err(|_| ModelError::Value { what: "a string" })
    }

    /// An error unless everything was read.
    pub fn end(self) -> Result<(), ModelError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(ModelError::Length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: [u8; 4] = *b"test";

    fn read(bytes: &[u8]) -> Result<(u32, String), ModelError> {
        let mut reader = Reader::new(bytes, KIND, 3)?;
        let number = reader.u32()?;
        let text = reader.str()?.to_owned();
        reader.end()?;
        Ok((number, text))
    }

    #[test]
    fn every_cut_is_an_error_and_none_panics() {
        let mut writer = Writer::new(KIND, 3);
        writer.u32(7);
        writer.str("seven");
        let whole = writer.finish();
        assert_eq!(read(&whole), Ok((7, "seven".to_owned())));
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "first {end} bytes");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert_eq!(read(&longer), Err(ModelError::Length));
        assert!(matches!(
            Reader::new(&whole, KIND, 4),
            Err(ModelError::Version { found: 3, .. })
        ));
        assert!(matches!(
            Reader::new(&whole, *b"none", 3),
            Err(ModelError::Kind { .. })
        ));
    }
}
