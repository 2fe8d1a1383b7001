//! Who may call from where: pages of other origins, host names, and proxies in front.

use roundhouse_tests::client::Ask;
use roundhouse_tests::{Answer, Dialect, Fake, House, KEY, provider};
use serde_json::{Value, json};

const ORIGIN: &str = "https://app.example";

async fn house(fake: &Fake, server: Value) -> House {
    let mut up = provider("up", "openai", &fake.url(), &["pk-1"], &["m"]);
    up["headers"] = json!({ "x-client": "{{client_ip}}" });
    House::start(json!({ "providers": [up], "server": server })).await
}

fn chat(house: &House) -> Ask {
    Dialect::Chat.ask(house.client(), KEY, "m", false)
}

async fn preflight(house: &House, origin: &str) -> Answer {
    let ask = house.client().ask(http::Method::OPTIONS, "/v1/chat/completions").header("origin", origin);
    let ask = ask.header("access-control-request-method", "POST");
    ask.header("access-control-request-headers", "authorization,content-type,x-stainless-lang").send().await
}

fn lists(answer: &Answer, header: &str, wanted: &str) -> bool {
    answer.header(header).split(',').any(|name| name.trim().eq_ignore_ascii_case(wanted))
}

#[tokio::test]
async fn pages_of_listed_origins_may_call() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    for (origins, told) in [(json!([ORIGIN]), ORIGIN), (json!(["*"]), "*")] {
        let house = house(&fake, json!({ "cors_origins": origins })).await;
        let asked = preflight(&house, ORIGIN).await;
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (200, told));
        assert!(lists(&asked, "access-control-allow-methods", "POST"), "{asked:?}");
        // By name: a wildcard would not cover the credential.
        for header in ["authorization", "content-type", "x-stainless-lang"] {
            assert!(lists(&asked, "access-control-allow-headers", header), "{header}: {asked:?}");
        }
        let before = fake.count();
        for (key, status) in [(KEY, 200), ("nobody", 401)] {
            let ask = Dialect::Chat.ask(house.client(), key, "m", false).header("origin", ORIGIN);
            let answer = ask.send().await;
            assert_eq!(answer.status, status, "{}", answer.text());
            assert_eq!(answer.header("access-control-allow-origin"), told, "errors can be read too");
            assert!(lists(&answer, "access-control-expose-headers", "x-request-id"), "{answer:?}");
        }
        assert_eq!(fake.count(), before + 1, "a preflight asks no provider");
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_not_call() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    for server in [json!({ "cors_origins": [ORIGIN] }), json!({})] {
        let house = house(&fake, server).await;
        for origin in ["https://evil.example", "http://app.example", "null"] {
            let answers =
                [preflight(&house, origin).await, chat(&house).header("origin", origin).send().await];
            for answer in answers {
                assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}: {answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn only_the_listed_host_names_are_served() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = house(&fake, json!({ "allowed_hosts": ["llm.example.com"] })).await;
    for host in ["llm.example.com", "LLM.example.com:8443"] {
        let answer = chat(&house).header("host", host).send().await;
        assert_eq!(answer.status, 200, "{host}: {}", answer.text());
    }
    let before = fake.count();
    for host in ["evil.example", "llm.example.com.evil.example", "127.0.0.1", "llm.example.com:x"] {
        for ask in [chat(&house), house.get("/v1/models"), house.get("/api/v1/settings"), house.get("/docs/")]
        {
            let answer = ask.header("host", host).send().await;
            assert_eq!(answer.status, 421, "{host}: {}", answer.text());
            assert_eq!(answer.text().trim_end(), "this host name is not served here");
            assert!(answer.header("content-type").starts_with("text/plain"), "{answer:?}");
        }
    }
    assert_eq!(fake.count(), before);
    for path in ["/health", "/healthz", "/ready"] {
        let answer = house.client().get(path).send().await;
        assert_eq!(answer.status, 200, "balancers ask by address: {path}");
    }
    assert_eq!(house.terminate().await, Some(0));
}

#[tokio::test]
async fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let cases = [
        (json!([]), "203.0.113.9", "127.0.0.1"),
        (json!(["10.0.0.0/8"]), "203.0.113.9", "127.0.0.1"),
        (json!(["127.0.0.1"]), "203.0.113.9", "203.0.113.9"),
        (json!(["127.0.0.1"]), "2001:db8::7", "2001:db8::7"),
        // What stands left of the first stranger was written by that stranger.
        (json!(["127.0.0.1", "10.0.0.0/8"]), "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        (json!(["127.0.0.1"]), "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (json!(["127.0.0.1"]), "198.51.100.1, 203.0.113.9:54321", "203.0.113.9"),
        (json!(["127.0.0.1"]), "198.51.100.1, [2001:db8::7]:54321", "2001:db8::7"),
        (json!(["127.0.0.1"]), "198.51.100.1, unknown", "127.0.0.1"),
        (json!(["127.0.0.1"]), "", "127.0.0.1"),
    ];
    for (trusted, forwarded, client) in cases {
        let mut house = house(&fake, json!({ "trusted_proxies": trusted })).await;
        let answer = chat(&house).header("x-forwarded-for", forwarded).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(fake.last().header("x-client"), client, "{trusted} {forwarded}");
        assert_eq!(house.logged(answer.id()).await["client_ip"], client, "{trusted} {forwarded}");
    }
}
