//! Bytes of files to documents.
