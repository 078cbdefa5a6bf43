//! Filters in every language that needs no tools but a compiler; `tests/languages` has the others.

use weir_tests::languages::from_new_to_player;

#[test]
fn c() {
    from_new_to_player("c");
}

#[test]
fn rust() {
    from_new_to_player("rust");
}
