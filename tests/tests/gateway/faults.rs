//! The fault matrix: whatever breaks, the caller gets the whole right answer while one healthy target is left, and the log has
//! exactly one request with all that was tried; with nothing left, an error that the caller's SDK understands.

mod catalogue;

use futures_util::StreamExt;
use futures_util::stream;
use roundhouse_tests::fake::Vacant;
use roundhouse_tests::house::{providers, verdicts};
use roundhouse_tests::{Client, Dialect, Fake, House, KEY, Reply, provider};
use serde_json::{Value, json};

use self::catalogue::{FAULTS, Fault};

const TEXT: &str = "the whole right answer";

/// Cases under way at the same time: more would only wait for each other.
const AT_ONCE: usize = 24;

/// Where the fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    FirstKey,
    FirstProvider,
    AllButTheLastTier,
}

/// One cell of the matrix.
struct Case {
    model: String,
    stream: bool,
    position: Position,
    fault: &'static Fault,
    /// Providers with the fault in the way.
    broken: usize,
}

impl Case {
    fn all(dialect: Dialect) -> Vec<Self> {
        let mut all = Vec::new();
        for fault in FAULTS {
            for stream in [false, true] {
                for position in [Position::FirstKey, Position::FirstProvider, Position::AllButTheLastTier] {
                    if fault.happens(dialect, stream)
                        && (position != Position::FirstKey || fault.is_one_keys_matter())
                    {
                        let model =
                            format!("{}-{stream}-{position:?}", fault.name).to_lowercase().replace('_', "-");
                        let broken = if position == Position::AllButTheLastTier { 2 } else { 1 };
                        all.push(Self { model, stream, position, fault, broken });
                    }
                }
            }
        }
        all
    }

    /// Declares the case's own providers and its route.
    fn declare(&self, kind: &str, urls: &Urls, config: &mut Value) {
        let (model, bad) = (self.model.as_str(), format!("bad.{}.{}", self.fault.name, self.model));
        let good = format!("good.{model}");
        let all = config["providers"].as_array_mut().unwrap();
        let mut tiers = Vec::new();
        if self.position == Position::FirstKey {
            all.push(provider(&format!("{model}-0"), kind, &urls.fake, &[&bad, &good], &[model]));
            return;
        }
        let url = if self.fault.is_refused { &urls.vacant } else { &urls.fake };
        for at in 0..self.broken {
            all.push(provider(&format!("{model}-{at}"), kind, url, &[&bad], &[model]));
            tiers.push(json!([{ "provider": format!("{model}-{at}"), "model": model }]));
        }
        all.push(provider(&format!("{model}-good"), kind, &urls.fake, &[&good], &[model]));
        tiers.push(json!([{ "provider": format!("{model}-good"), "model": model }]));
        if self.position == Position::FirstProvider {
            let together: Vec<Value> = tiers.drain(..).map(|mut tier| tier[0].take()).collect();
            tiers.push(together.into());
        }
        config["routes"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "model": model, "strategy": "ordered", "tiers": tiers }));
    }

    /// Each broken provider is tried again before a lower tier is, unless its only key is to blame or time ran out.
    fn expected_verdicts(&self) -> Vec<&'static str> {
        let again = self.position == Position::AllButTheLastTier
            && self.fault.verdict == "provider_fault"
            && !self.fault.is_timeout;
        let tries = self.broken * if again { 2 } else { 1 };
        let mut expected = vec![self.fault.verdict; tries];
        expected.push("ok");
        expected
    }

    fn expected_last(&self) -> String {
        let last = if self.position == Position::FirstKey { "0" } else { "good" };
        format!("{}-{last}", self.model)
    }

    async fn play(&self, dialect: Dialect, client: &Client) -> String {
        let answer = dialect.ask(client, KEY, &self.model, self.stream).send().await;
        assert_eq!(answer.status, 200, "{}: {}", self.model, answer.text());
        assert_eq!(dialect.text(&answer), TEXT, "{}", self.model);
        assert!(!self.stream || dialect.ended_well(answer.text()), "{}: {}", self.model, answer.text());
        assert_eq!(
            answer.header("x-roundhouse-attempts"),
            self.expected_verdicts().len().to_string(),
            "{}",
            self.model
        );
        assert_eq!(answer.header("x-roundhouse-provider"), self.expected_last(), "{}", self.model);
        answer.id().to_owned()
    }
}

struct Urls {
    fake: String,
    vacant: String,
}

async fn breaking(dialect: Dialect) -> Fake {
    Fake::new(move |seen| match seen.credential().strip_prefix("bad.") {
        Some(rest) => {
            let name = rest.split('.').next().unwrap();
            let fault = FAULTS.iter().find(|fault| fault.name == name).unwrap();
            (fault.reply)(dialect, seen.wants_stream())
        }
        None => Dialect::answer(seen, TEXT),
    })
    .await
}

fn config() -> Value {
    json!({ "providers": [], "routes": [], "gateway": { "timeouts": { "first_byte": "2s" }, "cooldowns": { "rate_limit": "1h" } } })
}

async fn survives_everything(dialect: Dialect) {
    let (fake, vacant) = (breaking(dialect).await, Vacant::new());
    let urls = Urls { fake: fake.url(), vacant: vacant.url() };
    let cases = Case::all(dialect);
    assert!(cases.len() > 100, "{}", cases.len());
    let mut config = config();
    for case in &cases {
        case.declare(dialect.kind(), &urls, &mut config);
    }
    let mut house = House::start(config).await;
    let client = house.client().clone();
    let playing = cases.iter().map(|case| case.play(dialect, &client));
    let ids: Vec<String> = stream::iter(playing).buffered(AT_ONCE).collect().await;
    for (case, id) in cases.iter().zip(ids) {
        let logged = house.logged(&id).await;
        assert_eq!(verdicts(&logged), case.expected_verdicts(), "{}: {logged:#}", case.model);
        assert_eq!(providers(&logged).last().unwrap(), &case.expected_last());
        assert_eq!((&logged["outcome"], &logged["status"]), (&json!("ok"), &json!(200)));
        assert_eq!(
            (&logged["stream"], &logged["operation"]),
            (&json!(case.stream), &json!(dialect.operation(case.stream)))
        );
        assert_eq!(
            (&logged["usage"]["input"], &logged["usage"]["output"]),
            (&json!(11), &json!(7)),
            "{}",
            case.model
        );
        assert_eq!(house.requests(&format!("model={}", case.model)).await.len(), 1, "{}", case.model);
    }
}

#[tokio::test]
async fn chat_callers_see_none_of_it() {
    survives_everything(Dialect::Chat).await;
}

#[tokio::test]
async fn responses_callers_see_none_of_it() {
    survives_everything(Dialect::Responses).await;
}

#[tokio::test]
async fn messages_callers_see_none_of_it() {
    survives_everything(Dialect::Messages).await;
}

#[tokio::test]
async fn gemini_callers_see_none_of_it() {
    survives_everything(Dialect::Gemini).await;
}

#[tokio::test]
async fn with_nothing_left_the_error_is_the_protocols_own() {
    for dialect in Dialect::ALL {
        let (fake, vacant) = (breaking(dialect).await, Vacant::new());
        let mut config = config();
        let mut cases = Vec::new();
        for fault in FAULTS.iter().filter(|fault| fault.left_over != 200) {
            for stream in [false, true].into_iter().filter(|stream| fault.happens(dialect, *stream)) {
                let model = format!("{}-{stream}", fault.name).replace('_', "-");
                let url = if fault.is_refused { vacant.url() } else { fake.url() };
                let key = format!("bad.{}.{model}", fault.name);
                config["providers"].as_array_mut().unwrap().push(provider(
                    &model,
                    dialect.kind(),
                    &url,
                    &[&key],
                    &[&model],
                ));
                cases.push((fault, stream, model));
            }
        }
        let mut house = House::start(config).await;
        let client = house.client().clone();
        let asking = cases.iter().map(|(_, stream, model)| dialect.ask(&client, KEY, model, *stream).send());
        let answers: Vec<_> = stream::iter(asking).buffered(AT_ONCE).collect().await;
        for ((fault, stream, model), answer) in cases.iter().zip(answers) {
            let context = format!("{dialect:?} {} {stream}: {} {}", fault.name, answer.status, answer.text());
            assert_eq!(answer.status, fault.left_over, "{context}");
            // What only the model's absence explains is the provider's own word.
            if fault.left_over != 404 {
                dialect.assert_error(&answer, fault.left_over, dialect.error_kind(fault.left_over));
            }
            let wait = answer.header("retry-after");
            assert_eq!(
                wait.parse::<u64>().is_ok_and(|seconds| seconds > 0),
                fault.left_over == 429,
                "{context}"
            );
            assert!(!answer.text().contains("bad."), "a key is told: {context}");
            let logged = house.logged(answer.id()).await;
            assert_eq!(logged["status"], fault.left_over, "{context}");
            let outcome = if fault.left_over == 404 { "caller_fault" } else { "failed" };
            assert_eq!(logged["outcome"], outcome, "{context}");
            assert_eq!(house.requests(&format!("model={model}")).await.len(), 1);
        }
    }
}

#[tokio::test]
async fn the_callers_own_faults_are_passed_on_untouched_and_punish_nobody() {
    for dialect in Dialect::ALL {
        let fake = Fake::new(|seen| {
            let status = seen.credential().strip_prefix("pk-").unwrap().parse().unwrap();
            Reply::body(
                status,
                "application/json",
                format!("{{ \"error\" : {{\"message\": \"yours {status}\"}}, \"odd\":1.10}}"),
            )
        })
        .await;
        let statuses = [400, 409, 413, 415, 422];
        let all = statuses.map(|status| {
            let model = format!("m-{status}");
            provider(
                &format!("p-{status}"),
                dialect.kind(),
                &fake.url(),
                &[&format!("pk-{status}")],
                &[&model],
            )
        });
        let mut house = House::start(json!({ "providers": all })).await;
        for status in statuses {
            for stream in [false, true] {
                let answer = dialect.ask(house.client(), KEY, &format!("m-{status}"), stream).send().await;
                assert_eq!(answer.status, status);
                assert_eq!(
                    answer.text(),
                    format!("{{ \"error\" : {{\"message\": \"yours {status}\"}}, \"odd\":1.10}}")
                );
                let logged = house.logged(answer.id()).await;
                assert_eq!(
                    (verdicts(&logged), &logged["outcome"]),
                    (vec!["caller_fault".to_owned()], &json!("caller_fault"))
                );
            }
            assert_eq!(house.keys(&format!("p-{status}"), "active").await, 1);
        }
    }
}

#[tokio::test]
async fn content_filters_are_the_callers_matter() {
    let filtered = json!({ "error": { "message": "The response was filtered", "code": "content_filter", "status": 400 } });
    let fake =
        Fake::new(move |seen| Reply::json(if seen.model() == "a" { 400 } else { 403 }, &filtered)).await;
    let up = [provider("up", "azure", &format!("{}/openai/v1", fake.url()), &["pk-1", "pk-2"], &["a", "b"])];
    let mut house = House::start(json!({ "providers": up })).await;
    for (model, status) in [("a", 400), ("b", 403)] {
        let answer = house.chat(model).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(verdicts(&house.logged(answer.id()).await), ["caller_fault"]);
    }
    assert_eq!(fake.seen()[0].path(), "/openai/v1/chat/completions");
    assert_eq!(fake.seen()[0].header("api-key"), "pk-1");
    assert_eq!(house.keys("up", "active").await, 2);
}
