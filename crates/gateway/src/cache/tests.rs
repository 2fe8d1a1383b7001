//! The cache as a whole, without requests around it.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use roundhouse_domain::spec::Span;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn cache(spec: &CacheSpec) -> Cache {
    let cache = Cache::default();
    cache.configure(spec, true);
    cache
}

fn eligible(spec: &CacheSpec, key: u64) -> Eligible {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&key.to_le_bytes());
    Eligible { key: bytes, spec: spec.clone(), is_fresh_wanted: false }
}

async fn ask(cache: &Cache, eligible: &Eligible) -> Admission {
    cache.admit(eligible, None, (NOW, Instant::now() + Duration::from_mins(10))).await
}

fn recorder(admission: Admission) -> Box<Recorder> {
    let Admission::Miss(Some(recorder)) = admission else { panic!("expected a recorder") };
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))]);
    recorder.begin(StatusCode::OK, &headers).unwrap()
}

fn body(admission: Admission) -> Bytes {
    let Admission::Hit(kept) = admission else { panic!("expected a hit") };
    kept.body.clone()
}

#[tokio::test]
async fn only_what_came_to_its_end_is_kept() {
    let spec = CacheSpec::default();
    let (cache, asked) = (cache(&spec), eligible(&spec, 1));
    let mut broken = recorder(ask(&cache, &asked).await);
    broken.note(b"half");
    drop(broken);
    let mut whole = recorder(ask(&cache, &asked).await);
    whole.note(b"all ");
    whole.note(b"of it");
    whole.end();
    assert_eq!(body(ask(&cache, &asked).await), "all of it");
    cache.clear();
    assert!(matches!(ask(&cache, &asked).await, Admission::Miss(Some(_))));
}

#[tokio::test]
async fn neither_bytes_nor_answers_grow_beyond_their_bounds() {
    let spec = CacheSpec { max_bytes: 1 << 20, max_entries: 100, ..CacheSpec::default() };
    for size in [10, 100_000] {
        let cache = cache(&spec);
        for key in 0..1_000 {
            let mut recorder = recorder(ask(&cache, &eligible(&spec, key)).await);
            recorder.note(&vec![b'x'; size]);
            recorder.end();
        }
        let (count, bytes) = cache.kept.read().as_ref().unwrap().taken();
        assert!(count > 0 && count <= 100 && bytes <= 1 << 20, "{size}: {count} answers, {bytes} bytes");
    }
}

#[tokio::test]
async fn what_is_being_written_down_is_bounded_too() {
    let spec = CacheSpec { max_bytes: 1_000, max_answer_bytes: 400, ..CacheSpec::default() };
    let cache = cache(&spec);
    let mut recorders = Vec::new();
    for key in 0..10 {
        let mut recorder = recorder(ask(&cache, &eligible(&spec, key)).await);
        recorder.note(&[b'x'; 300]);
        recorders.push(recorder);
    }
    assert_eq!(cache.writing.load(std::sync::atomic::Ordering::Acquire), 900);
    recorders[0].note(&[b'x'; 101]);
    drop(recorders);
    assert_eq!(cache.writing.load(std::sync::atomic::Ordering::Acquire), 0);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_get_the_first_ones_answer() {
    let spec = CacheSpec { single_flight: true, ..CacheSpec::default() };
    let (cache, asked) = (cache(&spec), eligible(&spec, 1));
    let mut first = recorder(ask(&cache, &asked).await);
    let waiting = async { (body(ask(&cache, &asked).await), body(ask(&cache, &asked).await)) };
    let answering = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        first.note(b"done");
        first.end();
    };
    let (bodies, ()) = tokio::join!(waiting, answering);
    assert_eq!(bodies, ("done".into(), "done".into()));
}

#[tokio::test(start_paused = true)]
async fn a_first_one_that_fails_is_followed_by_the_next() {
    let spec = CacheSpec { single_flight: true, ..CacheSpec::default() };
    let (cache, asked) = (cache(&spec), eligible(&spec, 1));
    let first = recorder(ask(&cache, &asked).await);
    let second = async {
        let mut second = recorder(ask(&cache, &asked).await);
        second.note(b"done");
        second.end();
    };
    let failing = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop(first);
    };
    tokio::join!(second, failing);
    assert_eq!(body(ask(&cache, &asked).await), "done");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_shared_sends_all_who_wait_on_their_way() {
    let spec = CacheSpec { single_flight: true, max_answer_bytes: 3, ..CacheSpec::default() };
    let (cache, asked) = (cache(&spec), eligible(&spec, 1));
    let mut first = recorder(ask(&cache, &asked).await);
    let waiting = async { [ask(&cache, &asked).await, ask(&cache, &asked).await] };
    let (admissions, ()) = tokio::join!(async { tokio::join!(ask(&cache, &asked), waiting) }, async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        first.note(b"too long");
    });
    assert!(matches!(admissions.0, Admission::Miss(None)));
}

#[tokio::test]
async fn answers_stay_when_settings_change_that_do_not_concern_their_room() {
    let spec = CacheSpec::default();
    let (cache, asked) = (cache(&spec), eligible(&spec, 1));
    recorder(ask(&cache, &asked).await).end();
    cache.configure(&CacheSpec { ttl: Span::secs(5), ..spec.clone() }, true);
    assert!(matches!(ask(&cache, &asked).await, Admission::Hit(_)));
    cache.configure(&CacheSpec { max_bytes: 5_000, ..spec.clone() }, true);
    assert!(matches!(ask(&cache, &asked).await, Admission::Miss(_)));
    cache.configure(&spec, false);
    assert!(matches!(ask(&cache, &asked).await, Admission::Miss(None)));
}
