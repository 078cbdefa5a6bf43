//! What holds the house together, and flows through the real binary.
