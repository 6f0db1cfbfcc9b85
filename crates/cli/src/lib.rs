//! The command line program, as a library so that tests can call it.
