//! Choices as the log keeps them: nothing where nobody was passed over, a few bytes for a request that its first attempt answered, and
//! JSON with all names for every other story.

use std::fmt::Write;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Candidate, Choices, KeyStanding, Round, RouteChoices, Standing};
use crate::spec::Strategy;

/// The strategies with their letters; a capital one for requests that prefer the same target.
const STRATEGIES: [(Strategy, char); 6] = [
    (Strategy::Weighted, 'w'),
    (Strategy::RoundRobin, 'r'),
    (Strategy::LeastBusy, 'b'),
    (Strategy::LowestLatency, 'l'),
    (Strategy::Random, 'c'),
    (Strategy::Ordered, 'o'),
];

impl Choices {
    /// The text that is kept for a request for `model`; none where nothing is to be told.
    pub fn write(&self, model: &str) -> Option<String> {
        match &self.routes[..] {
            [] => None,
            [only] if only.targets.is_empty() && only.rounds.len() == 1 => {
                (!only.is_plain() || *only.route != *model).then(|| short(only, model))
            }
            routes => {
                let routes: Vec<_> = routes.iter().map(Stored::of).collect();
                // Texts and numbers always have a JSON form.
                Some(serde_json::to_string(&routes).unwrap_or_default())
            }
        }
    }

    /// Reads what [`Self::write`] wrote; none for anything else.
    pub fn read(text: &str, model: &str) -> Option<Self> {
        if !text.starts_with('[') {
            return Some(Self { routes: vec![read_short(text, model)?] });
        }
        let stored: Vec<Stored> = serde_json::from_str(text).ok()?;
        Some(Self { routes: stored.into_iter().map(Stored::read).collect::<Option<_>>()? })
    }
}

/// `strategy;keys;standings;shape`, and the route's name where it is not the model's.
fn short(choices: &RouteChoices, model: &str) -> String {
    let mut text = String::with_capacity(32);
    text.push(strategy(choices));
    text.push(';');
    choices.rounds.iter().for_each(|round| write_round(round, &mut text));
    // Writing to a String cannot fail.
    let _ = write!(text, ";{:x}", choices.shape);
    if *choices.route != *model {
        text.push(';');
        text.push_str(&choices.route);
    }
    text
}

fn read_short(text: &str, model: &str) -> Option<RouteChoices> {
    let mut parts = text.splitn(4, ';');
    let (strategy, affine) = read_strategy(parts.next()?)?;
    let rounds = vec![read_round(parts.next()?)?];
    let shape = u32::from_str_radix(parts.next()?, 16).ok()?;
    let route = Arc::from(parts.next().unwrap_or(model));
    Some(RouteChoices { route, strategy, affine, shape, targets: Vec::new(), rounds })
}

fn strategy(choices: &RouteChoices) -> char {
    let letter =
        STRATEGIES.iter().find(|(strategy, _)| *strategy == choices.strategy).map_or('w', |(_, l)| *l);
    if choices.affine { letter.to_ascii_uppercase() } else { letter }
}

fn read_strategy(text: &str) -> Option<(Strategy, bool)> {
    let mut letters = text.chars();
    let (letter, None) = (letters.next()?, letters.next()) else { return None };
    let found = STRATEGIES.iter().find(|(_, known)| *known == letter.to_ascii_lowercase())?;
    Some((found.0, letter.is_ascii_uppercase()))
}

/// `standings:usable/cooling/aside`, the keys only where there are any.
fn write_round(round: &Round, text: &mut String) {
    text.extend(round.standings.iter().map(|standing| standing.letter()));
    let KeyStanding { usable, cooling, aside } = round.keys;
    if round.keys != KeyStanding::default() {
        // Writing to a String cannot fail.
        let _ = write!(text, ":{usable}/{cooling}/{aside}");
    }
}

fn read_round(text: &str) -> Option<Round> {
    let (letters, keys) = text.split_once(':').unwrap_or((text, "0/0/0"));
    let mut numbers = keys.splitn(3, '/').map(|number| number.parse().ok());
    let mut next = || numbers.next().flatten();
    let keys = KeyStanding { usable: next()?, cooling: next()?, aside: next()? };
    Some(Round { standings: letters.chars().map(Standing::of).collect::<Option<_>>()?, keys })
}

/// A route's choices as JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    route: Arc<str>,
    strategy: String,
    shape: u32,
    targets: Vec<Candidate>,
    rounds: Vec<String>,
}

impl Stored {
    fn of(choices: &RouteChoices) -> Self {
        let round = |round: &Round| {
            let mut text = String::new();
            write_round(round, &mut text);
            text
        };
        Self {
            route: choices.route.clone(),
            strategy: strategy(choices).to_string(),
            shape: choices.shape,
            targets: choices.targets.clone(),
            rounds: choices.rounds.iter().map(round).collect(),
        }
    }

    fn read(self) -> Option<RouteChoices> {
        let (strategy, affine) = read_strategy(&self.strategy)?;
        let rounds = self.rounds.iter().map(|round| read_round(round)).collect::<Option<_>>()?;
        Some(RouteChoices {
            route: self.route,
            strategy,
            affine,
            shape: self.shape,
            targets: self.targets,
            rounds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(standings: &[Standing], keys: KeyStanding) -> Choices {
        let rounds = vec![Round { standings: standings.to_vec(), keys }];
        let route = RouteChoices {
            route: "m".into(),
            strategy: Strategy::RoundRobin,
            affine: true,
            shape: 0xab12,
            targets: Vec::new(),
            rounds,
        };
        Choices { routes: vec![route] }
    }

    const KEYS: KeyStanding = KeyStanding { usable: 3, cooling: 1, aside: 2 };

    #[test]
    fn a_request_that_passed_nobody_over_takes_no_room() {
        let all = KeyStanding { usable: 3, ..KeyStanding::default() };
        assert_eq!(choices(&[Standing::Chosen], all).write("m"), None);
        assert_eq!(Choices::default().write("m"), None);
    }

    #[test]
    fn an_answered_request_takes_a_few_bytes() {
        let choices = choices(&[Standing::NotItsTurn, Standing::Chosen, Standing::KeysCooling], KEYS);
        let text = choices.write("m").unwrap();
        assert_eq!(text, "R;tCk:3/1/2;ab12");
        assert_eq!(Choices::read(&text, "m"), Some(choices.clone()));
        let of_a_pool = choices.write("other").unwrap();
        assert_eq!(Choices::read(&of_a_pool, "other"), Some(choices));
    }

    #[test]
    fn every_other_story_keeps_all_names() {
        let mut choices = choices(&[Standing::Failed, Standing::BreakerOpen], KeyStanding::default());
        let target =
            |provider: &str| Candidate { provider: provider.into(), model: "x;y".into(), tier: 1, weight: 3 };
        choices.routes[0].targets = vec![target("a"), target("b")];
        let text = choices.write("m").unwrap();
        assert_eq!(Choices::read(&text, "m"), Some(choices));
    }

    #[test]
    fn every_standing_has_a_letter_and_a_code_of_its_own() {
        for (standing, letter, code) in Standing::ALL {
            assert_eq!((Standing::of(char::from(letter)), standing.code()), (Some(standing), code));
        }
        assert_eq!(Choices::read("w;?:0/0/0;1", "m"), None);
    }
}
