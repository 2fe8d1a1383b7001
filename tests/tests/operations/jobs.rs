//! Background work, as the management API shows it.

use roundhouse_tests::House;
use serde_json::json;

#[tokio::test]
async fn jobs_are_listed_and_what_is_wrong_with_a_question_is_told() {
    let mut house = House::start(json!({})).await;
    let token = house.administrator().await;
    let get = async |path: &str| house.client().get(path).bearer(&token).send().await;
    let page = get("/api/v1/jobs?state=failed&kind=none&limit=10").await;
    assert_eq!((page.status, page.json()), (200, json!({ "items": [], "next_cursor": null })));
    let wrong = get("/api/v1/jobs?state=sleeping").await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (400, &json!("invalid_state")));
    let unknown = "/api/v1/jobs/01900000-0000-7000-8000-000000000000";
    assert_eq!(get(unknown).await.status, 404);
    assert_eq!(get(&format!("{unknown}/events")).await.status, 404);
    for action in ["cancel", "retry"] {
        let answer = house.client().post(&format!("{unknown}/{action}")).bearer(&token).send().await;
        assert_eq!((answer.status, &answer.json()["code"]), (404, &json!("job_not_found")));
    }
    assert_eq!(get("/api/v1/schedules").await.status, 200);
    assert_eq!(house.client().get("/api/v1/jobs").send().await.status, 401);
}
