//! Mentions, coreference and relations over parsed text.
