//! Configurations that change while the server runs.

use futures_util::future::join_all;
use roundhouse_tests::{Dialect, Fake, House, KEY, eventually, provider};
use serde_json::{Value, json};

fn with_models(fake: &Fake, models: &[&str]) -> Value {
    json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], models)] })
}

async fn models(house: &House) -> Vec<String> {
    let list = house.get("/v1/models").send().await.json();
    list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_changed_file_is_in_force_without_a_restart() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(with_models(&fake, &["old"])).await;
    assert_eq!(models(&house).await, ["old"]);
    let mut config = with_models(&fake, &["new", "newer"]);
    config["access_keys"] =
        json!([{ "name": "test", "key": KEY }, { "name": "second", "key": "rh-second-key-of-tests" }]);
    house.configure(&config);
    eventually("the new models are listed", async || {
        (models(&house).await == ["new", "newer"]).then_some(())
    })
    .await;
    assert_eq!((house.chat("old").await.status, house.chat("new").await.status), (404, 200));
    let answer = Dialect::Chat.ask(house.client(), "rh-second-key-of-tests", "new", false).send().await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_broken_file_leaves_the_last_good_one_in_force_and_says_so_everywhere() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello")).await;
    let mut house = House::start(with_models(&fake, &["m"])).await;
    assert_eq!(house.metric("roundhouse_config_valid").await, Some(1.0));
    let url = fake.v1();
    let good = format!("access_keys: [{{ name: test, key: {KEY} }}]\n");
    for (text, said) in [
        (format!("{good}providers:\n  - name: [oops\n"), "roundhouse.yaml:4:"),
        (format!("{good}providers:\n  - {{ name: up, kind: openai, base_ulr: '{url}' }}\n"), "base_url"),
        (format!("{good}gateway: {{ max_attempts: -3 }}\n"), "max_attempts"),
        (format!("{good}gateway: {{ timeouts: {{ idle: soon }} }}\n"), "idle"),
        (
            format!(
                "{good}providers: [{{ name: up, kind: openai, keys_file: nowhere.txt, base_url: '{url}' }}]\n"
            ),
            "nowhere.txt",
        ),
        (format!("{good}routes: [{{ model: x, tiers: [[{{ provider: nobody, model: x }}]] }}]\n"), "nobody"),
        (format!("{good}log: {{}}\nlog: {{}}\n"), "log"),
        (format!("{good}providers: [{{ name: up, kind: martian, base_url: '{url}' }}]\n"), "kind"),
    ] {
        let before = house.reloads("refused").await;
        house.write_config(&text);
        eventually(&format!("{said} is refused"), async || {
            (house.reloads("refused").await > before).then_some(())
        })
        .await;
        assert_eq!(house.metric("roundhouse_config_valid").await, Some(0.0));
        let settings = house.manage("GET", "/api/v1/settings").await.json();
        assert_eq!(settings["status"]["valid"], false);
        let problems = settings["status"]["problems"].to_string();
        assert!(problems.contains(said), "{said}: {problems}");
        assert!(
            house.log().lines().any(|line| line.contains("stays in force") && line.contains(said)),
            "{said}"
        );
        assert_eq!(
            (house.chat("m").await.status, models(&house).await),
            (200, vec!["m".to_owned()]),
            "{said}"
        );
        let ready = house.client().get("/ready").send().await;
        assert_eq!(ready.status, 200);
        assert_ne!(ready.json()["configuration"], "ok");
    }
    house.configure(&with_models(&fake, &["m", "mended"]));
    eventually("the mended file is in force", async || {
        (models(&house).await == ["m", "mended"]).then_some(())
    })
    .await;
    assert_eq!(house.metric("roundhouse_config_valid").await, Some(1.0));
    let settings = house.manage("GET", "/api/v1/settings").await.json();
    assert_eq!((&settings["status"]["valid"], &settings["status"]["problems"]), (&json!(true), &json!([])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swapping_configurations_under_load_fails_no_request() {
    let fake = Fake::new(|seen| Dialect::answer(seen, "hello to all of you")).await;
    let config = |version: usize| {
        let keys: Vec<_> = (0..=version % 3).map(|number| format!("pk-{number}")).collect();
        let keys: Vec<_> = keys.iter().map(String::as_str).collect();
        let mut all = vec![provider("up", "openai", &fake.url(), &keys, &["m"])];
        if version.is_multiple_of(2) {
            all.push(provider(
                &format!("extra-{version}"),
                "openai",
                &fake.url(),
                &["pk-x"],
                &["m", "other"],
            ));
        }
        json!({ "providers": all, "gateway": { "max_attempts": version + 1 } })
    };
    let mut house = House::start(config(0)).await;
    let client = house.client().clone();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let callers: Vec<_> = (0..8)
        .map(|number| {
            let (client, stop) = (client.clone(), stop.clone());
            tokio::spawn(async move {
                let mut count = 0;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    let answer = Dialect::Chat.ask(&client, KEY, "m", number % 2 == 0).send().await;
                    assert_eq!((answer.status, answer.complete), (200, true), "{}", answer.text());
                    assert_eq!(Dialect::Chat.text(&answer), "hello to all of you");
                    assert_eq!(answer.header("x-roundhouse-attempts"), "1");
                    count += 1;
                }
                count
            })
        })
        .collect();
    for version in 1..=20 {
        house.reconfigure(&config(version)).await;
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let counts: usize = join_all(callers).await.into_iter().map(Result::unwrap).sum();
    assert!(counts >= 300, "only {counts} requests");
    assert_eq!(house.count("roundhouse_requests_total{outcome=\"ok\"}").await, counts);
}

#[tokio::test]
async fn the_demo_provider_lists_all_it_can_do() {
    let house = House::start(json!({ "demo": true })).await;
    let listed = models(&house).await;
    for model in roundhouse_gateway::demo::MODELS {
        assert!(listed.iter().any(|name| name == model), "{model} is not in {listed:?}");
    }
    let answer = house.chat("demo").await;
    assert_eq!((answer.status, answer.header("x-roundhouse-provider")), (200, "demo"));
}

#[tokio::test]
async fn models_that_nobody_declares_are_asked_for() {
    let fake = Fake::new(|seen| match seen.path() {
        "/v1/models" => {
            roundhouse_tests::Reply::json(200, &json!({ "data": [{ "id": "found" }, { "id": "also" }] }))
        }
        _ => Dialect::answer(seen, "hello"),
    })
    .await;
    let mut up = provider("up", "openai", &fake.url(), &["pk-1"], &[]);
    up.as_object_mut().unwrap().remove("models");
    let mut house = House::start(json!({ "providers": [up] })).await;
    eventually("models are found", async || (models(&house).await == ["also", "found"]).then_some(())).await;
    assert_eq!(house.chat("found").await.status, 200);
    fake.script(|_| roundhouse_tests::Reply::never());
    house.restart().await;
    assert_eq!(models(&house).await, ["also", "found"], "lists are kept over a restart");
}
