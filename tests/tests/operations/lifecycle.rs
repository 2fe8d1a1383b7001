//! Starting, stopping and dying.

use roundhouse_tests::{Dialect, Fake, Gate, House, KEY, Setup, eventually, provider};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

fn one(fake: &Fake) -> Value {
    json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] })
}

#[tokio::test]
async fn a_stopping_server_lets_streams_end_takes_nothing_new_and_writes_all_down() {
    let gate = Gate::default();
    let held = gate.clone();
    let fake = Fake::new(move |seen| {
        let answer = Dialect::answer(seen, "one two three");
        if seen.wants_stream() { answer.gated(2, &held) } else { answer }
    })
    .await;
    let mut house = House::start(one(&fake)).await;
    let before = house.chat("m").await.id().to_owned();
    let mut open = Dialect::Chat.ask(house.client(), KEY, "m", true).open().await;
    let id = open.headers["x-request-id"].to_str().unwrap().to_owned();
    let first = open.next().await.unwrap();
    house.ask_to_stop();
    eventually("new connections are refused", async || {
        tokio::net::TcpStream::connect(("127.0.0.1", house.port())).await.err()
    })
    .await;
    gate.open();
    let rest = open.rest().await;
    let stream = [&first[..], &rest.body[..]].concat();
    assert_eq!(String::from_utf8(stream).unwrap(), Dialect::Chat.stream("one two three").concat());
    assert_eq!(house.wait().await, Some(0), "{}", house.log());
    house.run().await;
    for id in [before, id] {
        let logged = house.logged(&id).await;
        assert_eq!(
            (&logged["status"], &logged["outcome"], &logged["usage"]["output"]),
            (&json!(200), &json!("ok"), &json!(7))
        );
    }
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut_and_written_down() {
    let fake = Fake::new(|_| {
        let events = Dialect::Chat.stream("one two three");
        let size = events[..2].concat().len();
        roundhouse_tests::Reply::events(events).stuck_at(size)
    })
    .await;
    let mut config = one(&fake);
    config["server"] = json!({ "drain_timeout": "300ms" });
    let mut house = House::start(config).await;
    let mut open = Dialect::Chat.ask(house.client(), KEY, "m", true).open().await;
    open.next().await.unwrap();
    let id = open.headers["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(house.terminate().await, Some(0), "{}", house.log());
    drop(open);
    house.run().await;
    let logged = house.logged(&id).await;
    assert_eq!((&logged["attempts"][0]["provider"], &logged["model"]), (&json!("up"), &json!("m")));
}

#[tokio::test]
async fn a_killed_server_loses_at_most_the_last_second() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut config = one(&fake);
    config["requests"] = json!({ "flush_interval": "500ms" });
    let mut house = House::start(config).await;
    let mut ended = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(2_500) {
        let answer = house.chat("m").await;
        assert_eq!(answer.status, 200);
        ended.push((answer.id().to_owned(), Instant::now()));
    }
    let end = Instant::now();
    house.kill().await;
    house.run().await;
    let kept: std::collections::HashSet<String> = {
        let mut kept = std::collections::HashSet::new();
        let mut cursor = String::new();
        loop {
            let page = house.manage("GET", &format!("/api/v1/requests?limit=500{cursor}")).await.json();
            kept.extend(
                page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
            );
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break kept,
            }
        }
    };
    let old: Vec<_> =
        ended.iter().filter(|(_, at)| end.duration_since(*at) > Duration::from_secs(1)).collect();
    assert!(old.len() > 10, "{}", ended.len());
    let lost: Vec<_> = old.iter().filter(|(id, _)| !kept.contains(id)).collect();
    assert!(lost.is_empty(), "{} of {} are lost", lost.len(), old.len());
    assert_eq!(house.chat("m").await.status, 200);
}

#[tokio::test]
async fn the_first_start_without_an_administrator_prints_a_link_that_works_once() {
    let setup = Setup::new(&json!({})).env("ROUNDHOUSE_ADMIN_EMAIL", "").env("ROUNDHOUSE_ADMIN_PASSWORD", "");
    let house = setup.start().await;
    let link = house
        .log()
        .lines()
        .find_map(|line| line.split_once("setup?token=").map(|(_, rest)| rest.to_owned()))
        .expect("a link");
    let token = link.split('"').next().unwrap();
    let body = json!({ "token": token, "email": "first@example.com", "password": "a long enough password", "name": "First" });
    let made = house.client().post("/api/v1/auth/setup").json(&body).send().await;
    assert!([200, 201].contains(&made.status), "{}", made.text());
    let bearer = made.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(house.client().get("/api/v1/settings").bearer(&bearer).send().await.status, 200);
    let again = house.client().post("/api/v1/auth/setup").json(&body).send().await;
    assert!([401, 403, 409].contains(&again.status), "{}", again.status);
}

#[tokio::test]
async fn roles_serve_their_part_and_health() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    for (role, data_plane, app) in [("gateway", 200, 404), ("app", 404, 200)] {
        let house = Setup::new(&one(&fake)).argument("--role").argument(role).start().await;
        assert_eq!(house.chat("m").await.status, data_plane, "{role}");
        assert_eq!(house.client().get("/health").send().await.status, 200);
        let login =
            json!({ "email": roundhouse_tests::house::EMAIL, "password": roundhouse_tests::house::PASSWORD });
        let answer = house.client().post("/api/v1/auth/login").json(&login).send().await;
        assert_eq!(answer.status, app, "{role}: {}", answer.text());
    }
}
