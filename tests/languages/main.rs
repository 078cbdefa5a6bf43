//! Filters in the languages whose tools are fetched: `tests/run languages`. Rust and C are tried among the flows.

use weir_tests::languages::from_new_to_player;

#[test]
fn go() {
    from_new_to_player("go");
}

#[test]
fn js() {
    from_new_to_player("js");
}

#[test]
fn python() {
    from_new_to_player("python");
}

#[test]
fn assemblyscript() {
    from_new_to_player("assemblyscript");
}
