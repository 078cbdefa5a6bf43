//! Filters that loop, trap and grow.
