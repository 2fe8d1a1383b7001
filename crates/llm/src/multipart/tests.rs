use proptest::prelude::*;

use super::*;

const TYPE: &str = "multipart/form-data; charset=utf-8; boundary=\"x y\"";
const FORM: &str = "preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a; name=\\\"model\\\".mp3\"\r\n\
    Content-Type: audio/mpeg\r\n\r\nID3\r\n\r\n--x\r\n--x y \r\ncontent-disposition: form-data;name=model\r\n\r\nwhisper-1\r\n\
    --x y\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n--x y--\r\nepilogue";

fn scan(content_type: &str, body: &str) -> Result<FormEnvelope, BodyError> {
    FormEnvelope::scan(content_type, &Bytes::copy_from_slice(body.as_bytes()))
}

fn field(name: &str, value: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

#[test]
fn finds_model_and_stream_among_files() {
    let form = scan(TYPE, FORM).unwrap();
    assert_eq!(form.model(), Some("whisper-1"));
    assert!(form.stream());
}

#[test]
fn only_the_model_changes() {
    let body = Bytes::from_static(FORM.as_bytes());
    let form = FormEnvelope::scan(TYPE, &body).unwrap();
    assert_eq!(form.with_model(&body, "m").into_bytes(), FORM.replace("whisper-1", "m"));
    assert_eq!(form.with_model(&body, "whisper-1").into_bytes().as_ptr(), body.as_ptr());
}

#[test]
fn a_model_that_is_not_there_is_put_first() {
    let body = Bytes::from(field("prompt", "p") + "--b--");
    let form = FormEnvelope::scan("multipart/form-data; boundary=b", &body).unwrap();
    assert_eq!(form.model(), None);
    let body = form.with_model(&body, "m").into_bytes();
    assert_eq!(body, field("model", "m") + &field("prompt", "p") + "--b--");
    assert_eq!(FormEnvelope::scan("multipart/form-data; boundary=b", &body).unwrap().model(), Some("m"));
}

#[test]
fn broken_forms_are_refused() {
    let closed = |fields: &str| format!("{fields}--b--");
    for (content_type, body, words) in [
        ("multipart/form-data", closed(""), "with a boundary"),
        ("multipart/form-data; boundary=\"\"", closed(""), "with a boundary"),
        ("application/json", "{}".into(), "with a boundary"),
        ("multipart/form-data; boundary=b", String::new(), "closing boundary"),
        ("multipart/form-data; boundary=b", field("a", "1"), "closing boundary"),
        ("multipart/form-data; boundary=b", "--b".into(), "closing boundary"),
        ("multipart/form-data; boundary=b", closed("--b\r\nno blank line\r\n"), "no blank line"),
        ("multipart/form-data; boundary=b", closed(&(field("model", "a") + &field("model", "a"))), "twice"),
    ] {
        let error = scan(content_type, &body).unwrap_err();
        assert!(error.message.contains(words), "{body:?}: {error}");
    }
}

proptest! {
    #[test]
    fn any_form_is_read_without_panic(parts in proptest::collection::vec("(--b|--b--|\r\n|\r\n\r\n|name=|\"|;|model|\\PC)", 0..30)) {
        let body = Bytes::from(parts.concat());
        if let Ok(form) = FormEnvelope::scan("multipart/form-data; boundary=b", &body) {
            form.with_model(&body, "m");
        }
    }
}
