//! Limits hold for all processes together.

use roundhouse_tests::{Dialect, KEY};
use serde_json::json;

use crate::support::{Replicas, completions, hello, one_provider};

/// What a limit may be missed by.
const ERROR: f64 = 0.05;

#[tokio::test(flavor = "multi_thread")]
async fn six_hundred_requests_a_minute_are_as_many_for_three_processes() {
    let fake = hello().await;
    let mut config = one_provider(&fake);
    config["access_keys"] =
        json!([{ "name": "tests", "key": KEY, "limits": { "requests_per_minute": 600 } }]);
    let replicas = Replicas::start(3, &config).await;
    let asking = replicas.houses.iter().map(|house| {
        let client = house.client().clone();
        tokio::spawn(async move {
            let mut admitted = 0;
            // One process alone would let in all of these.
            for _ in 0..25 {
                let asking = (0..20).map(|_| Dialect::Chat.ask(&client, KEY, "m", false).send());
                let answers = futures_util::future::join_all(asking).await;
                assert!(answers.iter().all(|answer| [200, 429].contains(&answer.status)));
                admitted += answers.iter().filter(|answer| answer.status == 200).count();
            }
            admitted
        })
    });
    let mut admitted = 0;
    for asked in futures_util::future::join_all(asking).await {
        admitted += asked.unwrap();
    }
    let (least, most) = (600.0 * (1.0 - ERROR), 600.0 * (1.0 + ERROR));
    let count = f64::from(u32::try_from(admitted).unwrap());
    assert!(count >= least && count <= most, "{admitted} of 600 were let in");
    assert_eq!(completions(&fake).len(), admitted);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_used_up_is_used_up_for_all() {
    let fake = hello().await;
    let mut config = one_provider(&fake);
    config["access_keys"] = json!([{ "name": "tests", "key": KEY, "limits": { "requests_per_minute": 30 } }]);
    let replicas = Replicas::start(2, &config).await;
    let admitted = async |house: usize| {
        let mut admitted = 0;
        for _ in 0..200 {
            if crate::support::ask(&replicas.houses[house]).await.status == 200 {
                admitted += 1;
            }
        }
        admitted
    };
    let (first, second) = (admitted(0).await, admitted(1).await);
    assert!((29..=32).contains(&(first + second)), "{first} and {second} of 30 were let in");
}
