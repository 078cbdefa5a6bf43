//! The known defects of the server that this one grew from: each has a test that bears its number.

use weir_tests::workspace;

/// How many there are on the list.
const DEFECTS: usize = 24;

#[test]
fn every_known_defect_has_a_test() {
    let mut tested = [0; DEFECTS + 1];
    for file in workspace::rust_files("").iter().filter(|file| !file.starts_with("tests/house")) {
        for test in workspace::read(file).split("fn defect_").skip(1) {
            let number: usize = test[..2].parse().unwrap_or_else(|_| panic!("{}: two digits", file.display()));
            tested[number] += 1;
        }
    }
    for (number, tests) in tested.iter().enumerate().skip(1) {
        assert!(*tests > 0, "defect {number} has no test");
    }
}
