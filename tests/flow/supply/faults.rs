//! What servers do wrong changes nothing that runs.

use weir_tests::router::Router;
use weir_tests::web::{Reply, Web};

use super::{SWITCHED, TRIED, assert_runs, line, tables, token, variant};

#[test]
fn whatever_a_server_sends_instead_what_runs_goes_on() {
    let web = Web::start(|request| Reply::ok(token()).tagged("\"good\"", request));
    let most = "max_file = \"4MiB\"\n";
    let tables = tables(&web.url("f.wasm"), "refresh = \"200ms\"\ntimeout = \"2s\"", "");
    let mut router = Router::start(&format!("{most}{tables}"));
    assert_runs(&router);
    let page = "<!DOCTYPE html><title>It works!</title>";
    let cut = |n: usize| move |_: &weir_tests::web::Request| Reply::ok(token()).cut(n);
    type Answer = Box<dyn Fn(&weir_tests::web::Request) -> Reply + Send + Sync>;
    let faults: Vec<(&str, Answer)> = vec![
        ("it begins with \"<!DOCTYPE html>", Box::new(move |_| Reply::ok(page))),
        ("it is empty", Box::new(|_| Reply::ok(""))),
        ("the server answered 500", Box::new(|_| Reply::status(500))),
        ("the server answered 404: there is nothing under this name", Box::new(|_| Reply::status(404))),
        ("the server answered 206", Box::new(|_| Reply::status(206))),
        ("the connection ended before all had come", Box::new(cut(token().len() / 2))),
        ("larger than 4194304 bytes", Box::new(|_| Reply::ok(vec![0; 5 << 20]))),
        ("larger than 4194304 bytes", Box::new(|_| Reply::ok(token()).endless())),
        ("not done after 2s", Box::new(|_| Reply::hanging())),
        ("compressed", Box::new(|_| Reply::ok(token()).with("Content-Encoding", "gzip"))),
        ("new generation refused", Box::new(|_| Reply::ok(&b"\0asm\x01\0\0\0 and no more"[..]))),
        ("new generation refused", Box::new(|_| Reply::ok(&token()[..token().len() / 2]))),
        ("redirected without saying where to", Box::new(|_| Reply::status(302))),
    ];
    for (says, answer) in faults {
        let mark = router.process.mark();
        web.answer(answer);
        line(&router, mark, &[says]);
        assert_runs(&router);
    }
    assert_eq!(router.process.count(0, |line| line.contains(SWITCHED)), 0, "{}", router.process.said());
    assert_eq!(router.process.count(0, |line| line.contains(TRIED)), 1);

    // The last good one is what ran, not what came last.
    router.kill_and_restart(&tables);
    assert_runs(&router);
    let mark = router.process.mark();
    web.answer(|_| Reply::ok(variant(token(), "new")));
    line(&router, mark, &[SWITCHED]);
    assert_runs(&router);
}
