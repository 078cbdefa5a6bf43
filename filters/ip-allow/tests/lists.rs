//! Who gets in from where, and what the others are told.

use guest_sdk::testing::{Session, connection, log, play, publish, session};
use guest_sdk::{Decision, Fault, Grant, Role, SessionFilter};
use ip_allow::{IpAllow, Network};

fn open(config: &str) -> Session<IpAllow> {
    Session::open(config).unwrap()
}

fn published(filter: &mut Session<IpAllow>, ip: &str) -> Decision {
    let mut request = publish("live/cam");
    request.conn.peer_ip = ip.into();
    filter.on_publish(&request)
}

fn played(filter: &mut Session<IpAllow>, ip: &str) -> Decision {
    let mut request = play("live/cam");
    request.conn.peer_ip = ip.into();
    filter.on_play(&request)
}

fn refused(decision: Decision) -> String {
    match decision {
        Decision::Deny(denial) => denial.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_network_holds_its_addresses_however_they_are_written() {
    let cases = [
        ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.0", false),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.6", false),
        ("192.0.2.7/32", "::ffff:192.0.2.7", true),
        ("::ffff:10.0.0.0/104", "10.1.2.3", true),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "203.0.113.9", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::", false),
    ];
    for (network, address, inside) in cases {
        let network = Network::parse(network).unwrap();
        assert_eq!(network.holds(address.parse().unwrap()), inside, "{network:?} {address}");
    }
}

#[test]
fn who_is_on_the_list_may_and_others_may_not() {
    let mut filter = open(r#"{ "publish": ["10.0.0.0/8"], "deny": ["10.9.0.0/16"] }"#);
    assert_eq!(published(&mut filter, "10.1.2.3"), Decision::allow());
    for ip in ["11.0.0.1", "10.9.1.1", "2001:db8::1", "", "unix"] {
        assert_eq!(refused(published(&mut filter, ip)), "NetStream.Publish.Denied", "{ip}");
    }
    assert_eq!(played(&mut filter, "203.0.113.5"), Decision::Abstain, "there is no list for players");
    assert_eq!(refused(played(&mut filter, "10.9.1.1")), "NetStream.Play.Failed", "denied is denied everything");
    let mut peer = connection("live");
    peer.peer_ip = "10.9.1.1".into();
    assert_eq!(refused(filter.on_connect(&peer)), "NetConnection.Connect.Rejected");
    assert!(format!("{:?}", log()).contains("10.9.1.1"), "the operator reads who it was");
}

#[test]
fn an_empty_list_lets_nobody() {
    let mut filter = open(r#"{ "play": [] }"#);
    refused(played(&mut filter, "127.0.0.1"));
    assert_eq!(published(&mut filter, "127.0.0.1"), Decision::Abstain);
}

#[test]
fn a_changed_list_ends_what_runs() {
    let mut filter = open(r#"{ "publish": ["192.0.2.0/24"], "recheck_ms": 500 }"#);
    let asked_again = Decision::Allow(Grant { recheck_ms: Some(500), ..Grant::default() });
    assert_eq!(published(&mut filter, "192.0.2.7"), asked_again);
    let running = session(Role::Publishing, "live/cam", Vec::new());
    assert_eq!(running.conn.peer_ip, "192.0.2.7");
    assert_eq!(filter.on_recheck(&running), asked_again);
    let mut filter = open(r#"{ "publish": ["198.51.100.0/24"], "recheck_ms": 500 }"#);
    refused(filter.on_recheck(&running));
}

#[test]
fn a_wrong_configuration_is_refused_with_the_key_and_what_is_expected() {
    let cases = [
        ("{}", "publish: missing; expected at least one list"),
        (r#"{ "publish": ["10.0.0.0/33"] }"#, "publish[0]: `10.0.0.0/33`: expected at most 32 bits behind the slash"),
        (r#"{ "play": ["::1", "::/129"] }"#, "play[1]: `::/129`: expected at most 128 bits"),
        (r#"{ "play": ["10.0.0.0/+8"] }"#, "play[0]: `10.0.0.0/+8`: expected at most 32 bits"),
        (
            r#"{ "deny": ["10.1.0.0/8"] }"#,
            "deny[0]: `10.1.0.0/8`: the address has bits behind the slash's; expected 10.0.0.0/8",
        ),
        (r#"{ "connect": ["example.org"] }"#, "connect[0]: `example.org`: expected an address or a network"),
        (r#"{ "publish": "10.0.0.0/8" }"#, "publish: invalid type: string"),
        (r#"{ "publish": [], "recheck_ms": 5 }"#, "recheck_ms: expected at least 100"),
        (r#"{ "publish": [], "hold_ms": 20000 }"#, "hold_ms: expected at most 10000"),
        (r#"{ "allow": [] }"#, "allow: unknown field `allow`, expected one of `connect`, `publish`"),
    ];
    for (config, expect) in cases {
        match Session::<IpAllow>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
}

#[test]
fn its_schema_names_every_key() {
    let schema: serde_json::Value = serde_json::from_str(&IpAllow::describe().config_schema.unwrap()).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["connect", "deny", "hold_ms", "play", "publish", "recheck_ms"]);
}
