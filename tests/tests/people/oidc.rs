//! Logging in with an account elsewhere, at a provider that signs with keys of its own.

use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roundhouse_tests::{Answer, Fake, House, Reply, Seen};
use serde_json::{Value, json};

use crate::support::{ask, cookies, member};

/// The year 2100.
const LATER: i64 = 4_102_444_800;

/// What the provider is about to say.
#[derive(Clone)]
struct Plan {
    claims: Value,
    challenge: String,
    key: Arc<EcdsaKeyPair>,
    published: Arc<EcdsaKeyPair>,
}

struct Provider {
    fake: Fake,
    plan: Arc<Mutex<Plan>>,
}

fn key() -> Arc<EcdsaKeyPair> {
    Arc::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Provider {
    async fn new() -> Self {
        let key = key();
        let plan = Plan { claims: Value::Null, challenge: String::new(), published: Arc::clone(&key), key };
        let plan = Arc::new(Mutex::new(plan));
        let fake = Fake::new(|_| Reply::closed()).await;
        let (issuer, shared) = (fake.url(), Arc::clone(&plan));
        fake.script(move |seen| answer(&issuer, &shared.lock().unwrap().clone(), seen));
        Self { fake, plan }
    }

    fn config(&self, more: Value) -> Value {
        let mut oidc = json!({
            "issuer": self.fake.url(), "client_id": "roundhouse", "client_secret": "hush", "label": "Example ID",
        });
        roundhouse_tests::merge(&mut oidc, &more);
        json!({ "oidc": oidc, "server": { "public_url": "https://llm.example.com" } })
    }

    /// Says this of whoever asks, on top of what is always said.
    fn plan(&self, claims: Value, nonce: &str, challenge: &str) {
        let mut whole = json!({
            "iss": self.fake.url(), "aud": "roundhouse", "exp": LATER, "iat": 1_790_000_000, "nonce": nonce,
        });
        roundhouse_tests::merge(&mut whole, &claims);
        let mut plan = self.plan.lock().unwrap();
        plan.claims = whole;
        challenge.clone_into(&mut plan.challenge);
    }
}

fn answer(issuer: &str, plan: &Plan, seen: &Seen) -> Reply {
    match seen.path() {
        "/.well-known/openid-configuration" => Reply::json(
            200,
            &json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "jwks_uri": format!("{issuer}/jwks"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
            }),
        ),
        "/jwks" => {
            let point = plan.published.public_key().as_ref();
            let (x, y) = (encode(&point[1..33]), encode(&point[33..65]));
            let key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "x": x, "y": y });
            Reply::json(200, &json!({ "keys": [key] }))
        }
        "/token" => token(plan, seen),
        _ => Reply::json(404, &Value::Null),
    }
}

fn token(plan: &Plan, seen: &Seen) -> Reply {
    let body = String::from_utf8(seen.body.to_vec()).unwrap();
    let field = |name: &str| {
        body.split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .unwrap_or_default()
            .to_owned()
    };
    let proven = encode(digest(&SHA256, field("code_verifier").as_bytes())) == plan.challenge;
    let basic = base64::engine::general_purpose::STANDARD.encode("roundhouse:hush");
    if field("code") != "the-code" || !proven || seen.header("authorization") != format!("Basic {basic}") {
        return Reply::json(400, &json!({ "error": "invalid_grant" }));
    }
    let head = encode(json!({ "alg": "ES256", "typ": "JWT" }).to_string());
    let signed = format!("{head}.{}", encode(plan.claims.to_string()));
    let signature = plan.key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
    let id_token = format!("{signed}.{}", encode(signature));
    Reply::json(200, &json!({ "access_token": "at", "token_type": "Bearer", "id_token": id_token }))
}

/// A browser's way there and back.
struct Journey {
    cookie: String,
    state: String,
    nonce: String,
    challenge: String,
}

async fn depart(house: &House) -> Journey {
    let answer = house.client().get("/api/v1/auth/oidc/start?return_to=/console").send().await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let url = answer.header("location");
    let query = |name: &str| {
        let (_, query) = url.split_once('?').unwrap();
        let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_else(|| panic!("{name} in {url}")).to_owned()
    };
    assert!(url.contains("/authorize?"), "{url}");
    assert_eq!(query("code_challenge_method"), "S256");
    assert_eq!(query("scope"), "openid+profile+email");
    let back = "https%3A%2F%2Fllm.example.com%2Fapi%2Fv1%2Fauth%2Foidc%2Fcallback";
    assert_eq!(query("redirect_uri"), back);
    let set = cookies(&answer);
    let [(name, value, attributes)] = set.as_slice() else { panic!("{set:?}") };
    assert_eq!(name, "roundhouse_login");
    assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{attributes}");
    let cookie = format!("{name}={value}");
    Journey { cookie, state: query("state"), nonce: query("nonce"), challenge: query("code_challenge") }
}

async fn arrive(house: &House, journey: &Journey) -> Answer {
    let path = format!("/api/v1/auth/oidc/callback?code=the-code&state={}", journey.state);
    house.client().get(&path).header("cookie", &journey.cookie).send().await
}

/// All of it for somebody of whom this is said.
async fn log_in(house: &House, provider: &Provider, claims: Value) -> Answer {
    let journey = depart(house).await;
    provider.plan(claims, &journey.nonce, &journey.challenge);
    arrive(house, &journey).await
}

fn ada(more: Value) -> Value {
    let mut claims =
        json!({ "sub": "42", "email": "ada@example.com", "email_verified": true, "name": "Ada" });
    roundhouse_tests::merge(&mut claims, &more);
    claims
}

fn bearer(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("location")), (303, "/console"));
    let set = cookies(answer);
    set.iter().find(|(name, ..)| name == "roundhouse_session").unwrap().1.clone()
}

#[track_caller]
fn assert_problem(answer: &Answer, code: &str) {
    let told = format!("/login?problem={code}");
    assert_eq!((answer.status, answer.header("location")), (303, told.as_str()));
    assert!(cookies(answer).iter().all(|(name, value, _)| name == "roundhouse_login" && value.is_empty()));
}

#[tokio::test]
async fn somebody_with_a_verified_address_is_who_has_it_here_and_stays_so() {
    let provider = Provider::new().await;
    let mut house = House::start(provider.config(json!({}))).await;
    let methods = house.client().get("/api/v1/auth/methods").send().await.json();
    assert_eq!(methods["single_sign_on"], "Example ID");
    let (id, _) = member(&mut house, "ada@example.com").await;
    let answer = log_in(&house, &provider, ada(json!({}))).await;
    let me = ask(&house, &bearer(&answer), ("GET", "/api/v1/auth/me"), &Value::Null).await.json();
    assert_eq!(me["id"], id.as_str());
    // By issuer and subject from now on, whatever the address becomes.
    let moved = ada(json!({ "email": "countess@example.com", "email_verified": false }));
    let answer = log_in(&house, &provider, moved).await;
    let me = ask(&house, &bearer(&answer), ("GET", "/api/v1/auth/me"), &Value::Null).await.json();
    assert_eq!(me["id"], id.as_str());
    let profile = house.manage("GET", &format!("/api/v1/users/{id}")).await.json();
    assert_eq!(profile["identities"][0]["subject"], "42");
    let disabled = json!({ "disabled": true });
    let administrator = house.administrator().await;
    ask(&house, &administrator, ("PATCH", &format!("/api/v1/users/{id}")), &disabled).await;
    assert_problem(&log_in(&house, &provider, ada(json!({}))).await, "oidc_disabled");
}

#[tokio::test]
async fn an_address_that_is_not_verified_opens_nothing() {
    let provider = Provider::new().await;
    let mut house = House::start(provider.config(json!({ "sign_up": true }))).await;
    member(&mut house, "ada@example.com").await;
    for said in [json!({ "email_verified": false }), json!({ "email_verified": null })] {
        assert_problem(&log_in(&house, &provider, ada(said)).await, "oidc_email_not_verified");
    }
    assert_problem(&log_in(&house, &provider, ada(json!({ "email": null }))).await, "oidc_email_missing");
}

#[tokio::test]
async fn newcomers_become_members_where_they_may_and_join_groups_by_claim() {
    let provider = Provider::new().await;
    let house = House::start(provider.config(json!({}))).await;
    assert_problem(&log_in(&house, &provider, ada(json!({}))).await, "oidc_no_account");
    let more = json!({ "sign_up": true, "groups_claim": "teams", "groups": { "ops": "Operators" } });
    let mut house = House::start(provider.config(more)).await;
    let administrator = house.administrator().await;
    let group = json!({ "name": "Operators", "permissions": ["audit.read"] });
    assert_eq!(ask(&house, &administrator, ("POST", "/api/v1/groups"), &group).await.status, 201);
    let answer = log_in(&house, &provider, ada(json!({ "teams": ["ops", "others"] }))).await;
    let me = ask(&house, &bearer(&answer), ("GET", "/api/v1/auth/me"), &Value::Null).await.json();
    assert_eq!((&me["role"], &me["has_password"]), (&json!("member"), &json!(false)));
    assert_eq!(me["groups"][0]["name"], "Operators");
    assert!(me["permissions"].as_array().unwrap().contains(&json!("audit.read")), "{me}");
    let answer = log_in(&house, &provider, ada(json!({ "teams": [] }))).await;
    let me = ask(&house, &bearer(&answer), ("GET", "/api/v1/auth/me"), &Value::Null).await.json();
    assert_eq!(me["groups"], json!([]));
}

#[tokio::test]
async fn what_does_not_belong_to_this_login_is_refused() {
    let provider = Provider::new().await;
    let mut house = House::start(provider.config(json!({}))).await;
    member(&mut house, "ada@example.com").await;
    for (wrong, code) in [
        (json!({ "nonce": "another" }), "oidc_untrusted"),
        (json!({ "aud": "somebody-else" }), "oidc_untrusted"),
        (json!({ "iss": "https://evil.example" }), "oidc_untrusted"),
        (json!({ "exp": 1_700_000_000 }), "oidc_untrusted"),
    ] {
        assert_problem(&log_in(&house, &provider, ada(wrong)).await, code);
    }
    // Another browser's cookie, no cookie, a changed state, and a code that was asked for by somebody else.
    let (one, two) = (depart(&house).await, depart(&house).await);
    provider.plan(ada(json!({})), &one.nonce, &one.challenge);
    for journey in [
        Journey { cookie: two.cookie.clone(), state: one.state.clone(), ..depart(&house).await },
        Journey { cookie: String::new(), state: one.state.clone(), ..depart(&house).await },
        Journey {
            cookie: "roundhouse_login=AAAA".to_owned(),
            state: one.state.clone(),
            ..depart(&house).await
        },
    ] {
        assert_problem(&arrive(&house, &journey).await, "oidc_flow_lost");
    }
    assert_problem(&arrive(&house, &two).await, "oidc_provider_failed");
    let refused = house.client().get("/api/v1/auth/oidc/callback?error=access_denied").send().await;
    assert_problem(&refused, "oidc_refused");
    bearer(&arrive(&house, &one).await);
}

#[tokio::test]
async fn a_provider_may_change_its_keys_and_a_strangers_signature_counts_for_nothing() {
    let provider = Provider::new().await;
    let mut house = House::start(provider.config(json!({}))).await;
    member(&mut house, "ada@example.com").await;
    bearer(&log_in(&house, &provider, ada(json!({}))).await);
    let next = key();
    provider.plan.lock().unwrap().key = Arc::clone(&next);
    assert_problem(&log_in(&house, &provider, ada(json!({}))).await, "oidc_untrusted");
    provider.plan.lock().unwrap().published = next;
    bearer(&log_in(&house, &provider, ada(json!({}))).await);
}
