//! Trained models, compiled lexicons and rules, as bytes.
