//! The file that `weir config default` prints, and what any edit of it leads to.

use super::*;

#[test]
fn the_shipped_file_holds_the_defaults() {
    let shipped = good(DEFAULT, &[]);
    // The least that has an application and a filter: every other value is the program's own default.
    let least = good("[apps.live]\n[filters.token]\nsource = 'file:filters/token-auth'", &[]);
    let (mut shipped, least) = (values(&shipped), values(&least));
    let chosen = ("filters.token".to_owned(), "config".to_owned());
    shipped.remove(&chosen);
    for (key, default) in least.iter().filter(|(key, _)| **key != chosen) {
        assert_eq!(shipped.get(key), Some(default), "{key:?}");
    }
}

#[test]
fn the_shipped_file_shows_every_key() {
    let shipped = good(DEFAULT, &[]);
    let tables = ["log", "rtmp", "rtmps", "drain", "limits", "wasm", "filters.token", "jobs", "apps.live"];
    // A key that takes the value of another while it is missing can only stand there as a comment.
    let in_a_comment = |key: &str| DEFAULT.lines().any(|line| line.starts_with(&format!("# {key} = ")));
    let shown = shipped.shown.iter().filter(|shown| tables.contains(&shown.table.as_str()));
    for shown in shown.filter(|shown| !in_a_comment(&shown.key)) {
        assert_ne!(shown.place, Place::Default, "[{}] {} does not stand in the file", shown.table, shown.key);
    }
}

#[test]
fn every_key_of_the_shipped_file_has_a_comment() {
    let mut commented = false;
    for (n, line) in DEFAULT.lines().enumerate() {
        assert!(line.len() <= 130, "line {} is long", n + 1);
        match line {
            "" => commented = false,
            line if line.starts_with('#') => commented = true,
            line if line.starts_with('[') => {}
            // Two filters and two applications: the second of each is an example, explained by the first.
            line if line.starts_with("source") || line.starts_with("config") || line.starts_with("session") => {}
            line if line.starts_with("media") => {}
            line => assert!(commented, "line {}: {line}", n + 1),
        }
    }
}

#[test]
fn the_shipped_file_has_one_open_and_one_guarded_application() {
    let loaded = good(DEFAULT, &[]);
    let apps = &loaded.config.apps;
    assert_eq!(apps.keys().collect::<Vec<_>>(), ["live", "secure"]);
    assert!(apps["live"].session.is_empty() && apps["live"].media.is_empty());
    assert_eq!((&apps["secure"].session[..], &apps["secure"].media[..]), (&["token".into()][..], &["nal".into()][..]));
    assert_eq!(loaded.config.filters["nal"].config, serde_json::json!({ "h264": { "drop": ["aud", "sei"] } }));
}

#[test]
fn the_key_in_the_shipped_file_is_told_until_it_is_replaced() {
    let shipped = good(DEFAULT, &[]);
    let notices: Vec<_> = shipped.notices.iter().map(ToString::to_string).collect();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(
        notices.iter().any(|n| n.contains("filters.token.config.keys[0]: WEIR_STREAM_KEY is not set")),
        "{notices:?}"
    );
    let own = good(DEFAULT, &[("WEIR_STREAM_KEY", "mine")]);
    assert!(own.notices.is_empty());
    assert_eq!(own.config.filters["token"].config["keys"], serde_json::json!(["mine"]));
}

/// Edits of the shipped file at random places: bytes and words put in, lines taken out, doubled and moved.
fn mangled(state: &mut u64) -> String {
    const WORDS: [&str; 24] = [
        "\"",
        "'",
        "'''",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        ".",
        "#",
        "\n",
        "\\",
        "${env:",
        "${env:X:-y}",
        "-1",
        "99999999999999999999",
        "0x",
        "1e999",
        "nan",
        "true",
        "\u{feff}",
        "\u{202e}é",
        "10s",
    ];
    let mut next = |end: usize| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % end.max(1)
    };
    let mut lines: Vec<String> =
        DEFAULT.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(Into::into).collect();
    for _ in 0..1 + next(6) {
        let (at, to) = (next(lines.len()), next(lines.len()));
        match next(6) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(to, lines[at].clone()),
            2 => lines.swap(at, to),
            _ => {
                let line = &mut lines[at];
                let mut place = next(line.len() + 1);
                while !line.is_char_boundary(place) {
                    place -= 1;
                }
                match next(4) {
                    0 => line.truncate(place),
                    _ => line.insert_str(place, WORDS[next(WORDS.len())]),
                }
            }
        }
    }
    lines.join("\n")
}

#[test]
fn any_text_is_read_or_refused_with_its_place() {
    let mut state = 1;
    let deep = ["[", "{a=", "[[a.", "a."].map(|part| format!("[apps.live]\nx = {}", part.repeat(20_000)));
    let (mut read, mut refused) = (0, 0);
    for text in (0..4000).map(|_| mangled(&mut state)).chain(deep) {
        match parse(&text, &[("X", "1")]) {
            Ok(loaded) => {
                read += 1;
                let again =
                    parse(&loaded.show(), &[("X", "1")]).unwrap_or_else(|e| panic!("{text}\n{}\n{e}", loaded.show()));
                assert_eq!(values(&again), values(&loaded), "{text}");
            }
            Err(said) => {
                refused += 1;
                assert!(said.lines().all(|line| line.starts_with(FILE)), "{text}\n{said}");
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused");
}
