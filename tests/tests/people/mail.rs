//! Invitations and new passwords by mail.

use roundhouse_tests::House;
use serde_json::{Value, json};

use crate::postman::Postman;
use crate::support::{PASSWORD, ask, login, member};

async fn house(postman: &Postman) -> House {
    let smtp = json!({
        "host": "127.0.0.1",
        "port": postman.address.port(),
        "encryption": "none",
        "from": "Roundhouse <roundhouse@example.com>",
    });
    House::start(json!({ "smtp": smtp, "server": { "public_url": "https://llm.example.com" } })).await
}

#[tokio::test]
async fn who_is_invited_gets_a_letter_in_their_language_and_chooses_a_password() {
    let postman = Postman::new().await;
    let mut house = house(&postman).await;
    let administrator = house.administrator().await;
    let new = json!({ "email": "ada@example.com", "name": "王芳", "language": "zh-CN" });
    let invited = ask(&house, &administrator, ("POST", "/api/v1/users"), &new).await;
    assert_eq!((invited.status, &invited.json()["status"]), (201, &json!("invited")));
    let invitation = &invited.json()["invitation"];
    assert_eq!((&invitation["sent"], &invitation["link"]), (&json!(true), &Value::Null));
    let letter = postman.letter(0).await;
    assert_eq!(letter.to, "ada@example.com");
    assert!(letter.head.contains("From: Roundhouse <roundhouse@example.com>"), "{}", letter.head);
    assert!(letter.text.contains("王芳，您好"), "{}", letter.text);
    assert!(letter.text.contains("https://llm.example.com/invitation#token="), "{}", letter.text);
    let token = letter.token();
    let link = house.client().post("/api/v1/auth/link").json(&json!({ "token": token })).send().await;
    assert_eq!(link.json(), json!({ "kind": "invitation", "email": "ada@example.com", "name": "王芳" }));
    let set = async |token: &str| {
        let body = json!({ "token": token, "password": PASSWORD });
        house.client().post("/api/v1/auth/password").json(&body).send().await
    };
    assert_eq!(set(&token).await.status, 204);
    let again = set(&token).await;
    assert_eq!((again.status, again.json()["code"].as_str()), (400, Some("link_invalid")));
    assert_eq!(login(&house, "ada@example.com", PASSWORD).await.status, 200);
    assert!(!house.log().contains(&token), "links are in no log");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_nobody_learns_who_is_there() {
    let postman = Postman::new().await;
    let mut house = house(&postman).await;
    member(&mut house, "ada@example.com").await;
    let forgot = async |email: &str| {
        let body = json!({ "email": email });
        house.client().post("/api/v1/auth/forgot-password").json(&body).send().await.status
    };
    assert_eq!((forgot("nobody@example.com").await, forgot("Ada@example.com").await), (202, 202));
    let letter = postman.letter(0).await;
    assert_eq!(letter.to, "ada@example.com");
    assert!(letter.text.contains("choose a new password"), "{}", letter.text);
    let body = json!({ "token": letter.token(), "password": "another good password" });
    assert_eq!(house.client().post("/api/v1/auth/password").json(&body).send().await.status, 204);
    assert_eq!(login(&house, "ada@example.com", PASSWORD).await.status, 401);
    assert_eq!(login(&house, "ada@example.com", "another good password").await.status, 200);
    for _ in 0..2 {
        assert_eq!(forgot("ada@example.com").await, 202);
    }
    assert_eq!(forgot("ada@example.com").await, 429, "nobody's mailbox is flooded");
    assert_eq!(postman.letters().iter().filter(|letter| letter.to != "ada@example.com").count(), 0);
}

#[tokio::test]
async fn without_a_mail_server_that_answers_the_administrator_gets_the_link() {
    let gone = roundhouse_tests::Vacant::new();
    let smtp =
        json!({ "host": "127.0.0.1", "port": gone.port(), "encryption": "none", "from": "r@example.com" });
    for config in [json!({}), json!({ "smtp": smtp })] {
        let mut house = House::start(config).await;
        let administrator = house.administrator().await;
        let new = json!({ "email": "ada@example.com" });
        let invited = ask(&house, &administrator, ("POST", "/api/v1/users"), &new).await.json();
        assert_eq!(invited["invitation"]["sent"], false);
        let link = invited["invitation"]["link"].as_str().unwrap().to_owned();
        let (_, token) = link.split_once("/invitation#token=").unwrap();
        let body = json!({ "token": token, "password": PASSWORD });
        assert_eq!(house.client().post("/api/v1/auth/password").json(&body).send().await.status, 204);
        assert_eq!(login(&house, "ada@example.com", PASSWORD).await.status, 200);
    }
}
