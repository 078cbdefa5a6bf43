use super::*;

fn grants(buckets: &[&str]) -> spec::Grants {
    spec::Grants { kv: buckets.iter().map(|b| b.to_string()).collect(), ..Default::default() }
}

fn bucket(store: &Store, name: &str) -> Bucket {
    store.grant("f", &grants(&[name])).unwrap().remove(name).unwrap()
}

fn in_memory(settings: Settings) -> Bucket {
    bucket(&Store::new(settings), "b")
}

fn value(bucket: &Bucket, key: &str, now_ms: u64) -> Option<Vec<u8>> {
    bucket.get(key, now_ms).map(|e| e.value.to_vec())
}

#[test]
fn values_are_set_read_counted_and_deleted() {
    let b = in_memory(Settings::default());
    assert_eq!(value(&b, "k", 0), None);
    let first = b.set("k", b"one".to_vec(), None, 0).unwrap();
    assert_eq!(value(&b, "k", 0).unwrap(), b"one");
    let second = b.set("k", b"two".to_vec(), None, 0).unwrap();
    assert!(second > first && b.get("k", 0).unwrap().version == second);
    assert_eq!((b.add("n", 5, None, 0).unwrap(), b.add("n", -7, None, 0).unwrap()), (5, -2));
    assert!(matches!(b.add("k", 1, None, 0), Err(wit::KvError::Unavailable(_))), "it is no number");
    b.set("n", i64::MAX.to_string().into_bytes(), None, 0).unwrap();
    assert!(matches!(b.add("n", 1, None, 0), Err(wit::KvError::Unavailable(_))));
    b.delete("k");
    b.delete("k");
    assert_eq!(value(&b, "k", 0), None);
}

#[test]
fn who_is_late_gets_a_conflict() {
    let b = in_memory(Settings::default());
    let mine = b.compare_and_set("k", None, b"mine".to_vec(), None, 0).unwrap();
    assert!(matches!(b.compare_and_set("k", None, b"yours".to_vec(), None, 0), Err(wit::KvError::Conflict)));
    let next = b.compare_and_set("k", Some(mine), b"next".to_vec(), None, 0).unwrap();
    assert!(matches!(b.compare_and_set("k", Some(mine), b"old".to_vec(), None, 0), Err(wit::KvError::Conflict)));
    b.delete("k");
    assert!(matches!(b.compare_and_set("k", Some(next), b"gone".to_vec(), None, 0), Err(wit::KvError::Conflict)));
    assert_eq!(value(&b, "k", 0), None);
}

#[test]
fn what_is_over_its_time_is_gone_and_makes_room() {
    let b = in_memory(Settings { keys: 2, ..Settings::default() });
    b.set("a", b"1".to_vec(), Some(1000), 5000).unwrap();
    b.add("n", 1, Some(1000), 5000).unwrap();
    assert_eq!((value(&b, "a", 5999).is_some(), value(&b, "a", 6000)), (true, None));
    assert_eq!(b.add("n", 1, None, 6000).unwrap(), 1, "it begins anew");
    assert!(b.compare_and_set("a", None, b"2".to_vec(), None, 6000).is_ok());
    assert!(matches!(b.set("c", vec![], None, 6000), Err(wit::KvError::Unavailable(_))));
    b.set("a", b"3".to_vec(), Some(1), 6000).unwrap();
    b.set("c", vec![], None, 6001).unwrap();
    assert_eq!(value(&b, "a", 6001), None);
}

#[test]
fn bounds_hold_and_what_is_replaced_counts_once() {
    let b = in_memory(Settings { keys: 3, bytes: 3 * (ENTRY + 1) + 100, value_bytes: 90, file: None });
    assert!(matches!(b.set("a", vec![0; 91], None, 0), Err(wit::KvError::TooLarge)));
    assert!(matches!(b.set(&"k".repeat(MOST_KEY + 1), vec![], None, 0), Err(wit::KvError::TooLarge)));
    for _ in 0..10 {
        b.set("a", vec![0; 90], None, 0).unwrap();
    }
    assert!(matches!(b.set("b", vec![0; 90], None, 0), Err(wit::KvError::Unavailable(_))), "bytes");
    b.set("b", vec![0; 5], None, 0).unwrap();
    b.set("c", vec![0; 5], None, 0).unwrap();
    assert!(matches!(b.set("d", vec![], None, 0), Err(wit::KvError::Unavailable(_))), "keys");
    b.delete("a");
    b.set("d", vec![0; 90], None, 0).unwrap();
}

#[test]
fn buckets_do_not_see_each_other_and_clones_do() {
    let store = Store::new(Settings::default());
    let (a, b, again) = (bucket(&store, "a"), bucket(&store, "b"), bucket(&store, "a"));
    a.set("k", b"of a".to_vec(), None, 0).unwrap();
    assert_eq!((value(&b, "k", 0), value(&again, "k", 0).unwrap()), (None, b"of a".to_vec()));
}

#[test]
fn a_file_brings_everything_back_and_versions_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { file: Some(folder.path().join("made/kv.redb")), ..Settings::default() };
    let (version, deleted) = {
        let store = Store::new(settings.clone());
        let b = bucket(&store, "b");
        b.set("stays", b"yes".to_vec(), None, 0).unwrap();
        b.set("for a while", b"yes".to_vec(), Some(5000), 1000).unwrap();
        b.set("goes", b"yes".to_vec(), None, 0).unwrap();
        let last = b.add("n", 41, None, 0).unwrap();
        b.delete("goes");
        bucket(&store, "other").set("stays", b"too".to_vec(), None, 0).unwrap();
        assert_eq!(last, 41);
        (b.get("n", 0).unwrap().version, value(&b, "goes", 0))
    };
    assert_eq!(deleted, None);
    let store = Store::new(settings.clone());
    let b = bucket(&store, "b");
    assert_eq!((value(&b, "stays", 0).unwrap(), value(&b, "goes", 0)), (b"yes".to_vec(), None));
    assert_eq!((value(&b, "for a while", 5999).is_some(), value(&b, "for a while", 6000)), (true, None));
    assert_eq!(value(&bucket(&store, "other"), "stays", 0).unwrap(), b"too");
    assert_eq!(b.add("n", 1, None, 0).unwrap(), 42);
    assert!(b.get("n", 0).unwrap().version > version);

    // Whoever comes second is told why.
    let error = Store::new(settings).grant("f", &grants(&["b"])).err().unwrap().to_string();
    assert!(error.contains("kv.redb") && error.contains("another router uses it"), "{error}");
}

#[test]
fn what_is_written_to_a_scratch_copy_only_the_copy_has() {
    let b = in_memory(Settings { keys: 3, ..Settings::default() });
    let version = b.set("k", b"real".to_vec(), None, 0).unwrap();
    b.set("n", b"40".to_vec(), Some(10), 0).unwrap();
    let copy = b.scratch();
    assert_eq!((value(&copy, "k", 0), value(&copy, "n", 0)), (Some(b"real".to_vec()), Some(b"40".to_vec())));
    assert_eq!(copy.add("n", 2, None, 0).unwrap(), 42);
    assert_eq!((value(&copy, "n", 20), value(&b, "n", 0)), (Some(b"42".to_vec()), Some(b"40".to_vec())));
    copy.compare_and_set("k", Some(version), b"other".to_vec(), None, 0).unwrap();
    assert!(matches!(copy.compare_and_set("k", Some(version), Vec::new(), None, 0), Err(wit::KvError::Conflict)));
    copy.delete("k");
    assert_eq!((value(&copy, "k", 0), value(&b, "k", 0)), (None, Some(b"real".to_vec())));
    copy.set("x", Vec::new(), None, 0).unwrap();
    assert!(matches!(copy.set("y", Vec::new(), None, 0), Err(wit::KvError::Unavailable(_))), "it has bounds too");
    assert_eq!((value(&b, "x", 0), b.get("k", 0).unwrap().version), (None, version));
}
