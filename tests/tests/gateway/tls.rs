//! Providers behind TLS: whom the machine trusts is served, whom nobody vouches for is not.

use roundhouse_tests::house::{providers, verdicts};
use roundhouse_tests::proxies::{Language, Proxy};
use roundhouse_tests::tls::Authority;
use roundhouse_tests::{Dialect, Fake, KEY, Setup, provider, route};
use serde_json::json;

#[tokio::test]
async fn a_private_authority_that_the_machine_trusts_is_trusted() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "one two three")).await;
    let authority = Authority::new("An authority of the house");
    let door = authority.door(&fake, "127.0.0.1").await;
    let proxy = Proxy::new(Language::Http).await;
    let direct = provider("direct", "openai-compatible", &door.url(), &["pk-1"], &["m"]);
    let mut proxied = provider("proxied", "openai-compatible", &door.url(), &["pk-2"], &["by-proxy"]);
    proxied["proxy"] = format!("http://{}", proxy.address()).into();
    let setup = Setup::new(&json!({ "providers": [direct, proxied] }));
    let house = setup.env("SSL_CERT_FILE", authority.file().to_str().unwrap()).start().await;
    for (model, credential) in [("m", "pk-1"), ("by-proxy", "pk-2")] {
        for stream in [false, true] {
            let answer = Dialect::Chat.ask(house.client(), KEY, model, stream).send().await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert_eq!(Dialect::Chat.text(&answer), "one two three");
            assert_eq!(fake.last().credential(), credential);
        }
    }
    let target = door.url().trim_start_matches("https://").to_owned();
    assert!(!proxy.asked().is_empty() && proxy.asked().iter().all(|asked| *asked == target));
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_is_a_failure_of_transport_and_others_answer() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let (known, unknown) = (Authority::new("Known"), Authority::new("Unknown"));
    let doors = [unknown.door(&fake, "127.0.0.1").await, known.door(&fake, "other.example").await];
    let all = [
        provider("forged", "openai", &doors[0].url(), &["pk-1"], &["forged"]),
        provider("misnamed", "openai", &doors[1].url(), &["pk-2"], &["misnamed"]),
        provider("good", "openai", &fake.url(), &["good"], &["forged", "misnamed"]),
    ];
    let routes = ["forged", "misnamed"].map(|name| route(name, "ordered", &[(name, 1), ("good", 1)]));
    let config = json!({ "providers": all, "routes": routes, "gateway": { "breaker": { "failures": 0 } } });
    let setup = Setup::new(&config).env("SSL_CERT_FILE", known.file().to_str().unwrap());
    let mut house = setup.start().await;
    for (name, reason) in [("forged", "UnknownIssuer"), ("misnamed", "not valid for name")] {
        for stream in [false, true] {
            let answer = Dialect::Chat.ask(house.client(), KEY, name, stream).send().await;
            assert_eq!((answer.status, Dialect::Chat.text(&answer).as_str()), (200, "hello"));
            let logged = house.logged(answer.id()).await;
            assert_eq!(providers(&logged), [name, "good"]);
            assert_eq!(verdicts(&logged), ["provider_fault", "ok"]);
            let error = logged["attempts"][0]["error"].as_str().unwrap();
            assert!(error.contains("certificate") && error.contains(reason), "{error}");
            assert!(logged["attempts"][0]["status"].is_null(), "{logged}");
        }
    }
    assert!(fake.seen().iter().all(|seen| seen.credential() == "good"), "no key is sent to a stranger");
    assert_eq!((house.keys("forged", "active").await, house.keys("misnamed", "active").await), (1, 1));
}
