//! Golden cases, properties, and the rules of the house.
