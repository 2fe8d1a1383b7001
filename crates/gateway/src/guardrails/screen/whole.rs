//! Answers that are judged when they are whole.

use std::collections::HashMap;

use bytes::Bytes;
use roundhouse_domain::spec::Stage;
use roundhouse_llm::texts::{Channel, EventTexts, Found, of_answer, of_event, replaced};

use super::super::judge::Judgement;
use super::events::{Event, event_end};
use super::{Checked, Checking, Parts};

/// Judges one document.
pub(super) fn check_document(parts: Parts, document: Bytes) -> Checking {
    Checking::new(async move {
        let Some(found) = of_answer(&document, parts.operation) else {
            // What is no document of the protocol cannot be looked into.
            return match parts.guards.unseen(Stage::Answer) {
                Some(blocked) => Checked { outcome: Err(blocked), notes: Vec::new() },
                None => Checked { outcome: Ok(vec![document]), notes: Vec::new() },
            };
        };
        let texts = found.iter().map(|found| found.text.clone()).collect();
        let judgement = parts.guards.judge(&parts.gateway, parts.subject(), texts).await;
        concluded(judgement, |texts| {
            let is_same = texts.iter().all(Option::is_none);
            vec![if is_same { document } else { replaced(&document, &found, texts).into() }]
        })
    })
}

/// Judges what all events of a stream say together.
pub(super) fn check_stream(parts: Parts, stream: Vec<u8>) -> Checking {
    Checking::new(async move {
        let told = Told::read(&stream, &parts);
        let guards = parts.guards.that_ask(true);
        let judgement = guards.judge(&parts.gateway, parts.subject(), told.texts.clone()).await;
        concluded(judgement, |texts| {
            let is_same = texts.iter().all(Option::is_none);
            if is_same { vec![stream.into()] } else { told.written(texts) }
        })
    })
}

fn concluded(judgement: Judgement, written: impl FnOnce(&[Option<String>]) -> Vec<Bytes>) -> Checked {
    let outcome = match judgement.blocked {
        Some(blocked) => Err(blocked),
        None => Ok(written(&judgement.texts)),
    };
    Checked { outcome, notes: judgement.notes }
}

/// What a stream says.
struct Told {
    events: Vec<(Event, Says)>,
    /// Each text once, pieces put together.
    texts: Vec<String>,
}

/// What an event says, by the numbers of texts.
enum Says {
    Nothing,
    Piece { text: usize, found: Vec<Found> },
    Whole { texts: Vec<usize>, found: Vec<Found> },
}

impl Told {
    fn read(stream: &[u8], parts: &Parts) -> Self {
        let mut told = Self { events: Vec::new(), texts: Vec::new() };
        let mut open: HashMap<Channel, usize> = HashMap::new();
        let mut from = 0;
        while from < stream.len() {
            let end = event_end(&stream[from..]).unwrap_or(stream.len() - from);
            let event = Event::read(&stream[from..from + end]);
            from += end;
            let says = match of_event(event.data(), parts.operation) {
                EventTexts::Aside => Says::Nothing,
                EventTexts::Other => {
                    open.clear();
                    Says::Nothing
                }
                EventTexts::Piece { channel, found, .. } => {
                    let text = *open.entry(channel).or_insert_with(|| {
                        told.texts.push(String::new());
                        told.texts.len() - 1
                    });
                    told.texts[text].extend(found.iter().map(|found| found.text.as_str()));
                    Says::Piece { text, found }
                }
                EventTexts::Whole(found) => {
                    let texts = found.iter().map(|found| told.number(&found.text)).collect();
                    Says::Whole { texts, found }
                }
            };
            told.events.push((event, says));
        }
        told
    }

    fn number(&mut self, text: &str) -> usize {
        self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        })
    }

    /// The stream with other texts; of one that came in pieces the first piece says all of it.
    fn written(self, changed: &[Option<String>]) -> Vec<Bytes> {
        let mut is_told = vec![false; changed.len()];
        let events = self.events.into_iter().map(|(event, says)| match says {
            Says::Nothing => event.with(&[]),
            Says::Piece { text, found } => match &changed[text] {
                None => event.with(&[]),
                // What only announces a text is not the place for it.
                Some(_) if found.iter().all(|found| found.text.is_empty()) => event.with(&[]),
                Some(changed) => {
                    let said = if std::mem::replace(&mut is_told[text], true) { "" } else { changed };
                    event.with_found(found).saying(said.to_owned())
                }
            },
            Says::Whole { texts, found } => {
                let texts: Vec<_> = texts.iter().map(|text| changed[*text].clone()).collect();
                event.with_found(found).with(&texts)
            }
        });
        events.map(Bytes::from).collect()
    }
}
