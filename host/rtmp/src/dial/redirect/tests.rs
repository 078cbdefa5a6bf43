use super::*;
use crate::dial::tls;

fn target(url: &str) -> Target {
    let settings = DialSettings { max_redirects: 2, ..DialSettings::default() };
    Target { url: Url::parse(url).unwrap(), tls: tls::Client::default(), settings }
}

fn redirected(way: &mut Way<'_>, to: &str) -> Result<(), End> {
    way.turn(Over::Redirected(to.to_owned()), Duration::ZERO, 0)
}

fn refused(way: &mut Way<'_>, description: &str) -> Result<(), End> {
    let info = Info { code: "Rejected".into(), description: description.to_owned(), ..Info::default() };
    way.turn(Over::Refused(info), Duration::ZERO, 7)
}

#[test]
fn redirects_are_followed_so_far_and_not_in_a_circle() {
    let target = target("rtmp://h/live/cam?k=1");
    let mut way = Way::new(&target);
    redirected(&mut way, "rtmp://i/live").unwrap();
    assert_eq!(way.url.to_string(), "rtmp://i/live/cam?k=1");
    let circle = redirected(&mut way, "rtmp://h/live").unwrap_err();
    assert_eq!(circle, RedirectError::Loop("rtmp://h/live/cam?k=1".into()).into());
    let mut way = Way::new(&target);
    for host in ["i", "j"] {
        redirected(&mut way, &format!("rtmp://{host}/live")).unwrap();
    }
    let far = redirected(&mut way, "rtmp://k/live").unwrap_err();
    assert!(matches!(far, End::Redirect(RedirectError::TooMany { max: 2, .. })), "{far}");
    let same = redirected(&mut Way::new(&target), "rtmp://h/live").unwrap_err();
    assert!(matches!(same, End::Redirect(RedirectError::Loop(_))), "{same}");
    let odd = redirected(&mut Way::new(&target), "http://h/live").unwrap_err();
    assert!(odd.to_string().contains("rtmp://"), "{odd}");
}

#[test]
fn nobody_is_led_out_of_tls() {
    let target = target("rtmps://h/live/cam");
    let error = redirected(&mut Way::new(&target), "rtmp://h/live").unwrap_err();
    assert_eq!(error, RedirectError::Downgrade("rtmp://h/live/cam".into()).into());
    redirected(&mut Way::new(&target), "//i/live").unwrap();
}

#[test]
fn a_server_may_ask_to_connect_anew_but_not_for_ever() {
    let target = target("rtmp://h/live/cam");
    let mut way = Way::new(&target);
    let mut again = |lived| way.turn(Over::Reconnect(None), lived, 0);
    again(Duration::ZERO).unwrap();
    again(Duration::ZERO).unwrap();
    again(SERVED).unwrap();
    again(Duration::ZERO).unwrap();
    assert!(matches!(again(Duration::ZERO), Err(End::Reconnect { .. })));
}

#[test]
fn enhanced_rtmp_is_left_out_once_if_connect_is_not_answered() {
    let target = target("rtmp://h/live/cam");
    let mut way = Way::new(&target);
    let closed = || Over::Unanswered(End::Io(std::io::ErrorKind::ConnectionReset));
    assert!(way.enhanced);
    way.turn(closed(), Duration::ZERO, 0).unwrap();
    assert!(!way.enhanced);
    assert!(matches!(way.turn(closed(), Duration::ZERO, 0), Err(End::Io(_))));
}

#[test]
fn a_login_goes_its_steps_once() {
    const NAME: &str = "[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ";
    const PROOF: &str =
        "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=u&salt=s&challenge=c&opaque=o";
    const NO: &str = "[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed";
    let with = target("rtmp://u:p@h/live/cam");
    let mut way = Way::new(&with);
    refused(&mut way, NAME).unwrap();
    assert_eq!(way.app(), "live?authmod=adobe&user=u");
    assert_eq!(way.tc_url(), "rtmp://h/live?authmod=adobe&user=u");
    refused(&mut way, PROOF).unwrap();
    assert!(way.app().starts_with("live?authmod=adobe&user=u&challenge=00000007&response="), "{}", way.app());
    for no in [NO, PROOF, NAME] {
        let error = refused(&mut way, no).unwrap_err();
        assert!(matches!(&error, End::Login(why) if why.contains("does not take")), "{error}");
    }
    let without = target("rtmp://h/live/cam");
    let error = refused(&mut Way::new(&without), NAME).unwrap_err();
    assert!(matches!(&error, End::Login(why) if why.contains("rtmp://USER:PASSWORD@HOST")), "{error}");
    let other = refused(&mut Way::new(&with), "no such application").unwrap_err();
    assert!(matches!(other, End::Refused { .. }), "{other}");
}

#[test]
fn what_the_server_is_told_can_be_said() {
    let mut target = target("rtmp://h/live?k=1/cam");
    assert_eq!(Way::new(&target).tc_url(), "rtmp://h/live?k=1");
    target.settings.tc_url = Some("rtmp://vhost/live".into());
    let mut way = Way::new(&target);
    assert_eq!((way.app(), way.tc_url()), ("live?k=1".into(), "rtmp://vhost/live".into()));
    redirected(&mut way, "rtmp://i/live").unwrap();
    assert_eq!(way.tc_url(), "rtmp://i/live");
}
